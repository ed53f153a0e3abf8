/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-reach.h"

static const char *const names[] = {
  [KITH_REACH_EVERYONE] = "everyone",
  [KITH_REACH_PASSPHRASE] = "passphrase",
  [KITH_REACH_CONTACTS] = "contacts",
};

/**
 * kith_reach_get_name:
 * @self: who gets an answer
 *
 * Returns: a static string for machines
 */
const char *
kith_reach_get_name (KithReach self)
{
  return names[self];
}

/**
 * kith_reach_from_name:
 * @self: (out): what is meant
 * @name: (nullable): what somebody typed, or stored
 *
 * Returns: whether it is one of the names
 */
gboolean
kith_reach_from_name (KithReach *self, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (name, names[i]) == 0)
      {
        *self = (KithReach) i;
        return TRUE;
      }

  return FALSE;
}
