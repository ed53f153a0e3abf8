/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include "group/kith-group-effect.h"

#include "base/kith-secret.h"

/**
 * kith_group_effect_new:
 * @type: what is to be done
 *
 * Returns: (transfer full): an effect whose other fields are empty
 */
KithGroupEffect *
kith_group_effect_new (KithGroupEffectType type)
{
  KithGroupEffect *self = g_new0 (KithGroupEffect, 1);

  self->type = type;
  return self;
}

/**
 * kith_group_effect_free:
 * @self: (transfer full): an effect
 */
void
kith_group_effect_free (KithGroupEffect *self)
{
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->entry, kith_group_entry_unref);
  kith_secret_free_text (self->text);
  g_free (self);
}
