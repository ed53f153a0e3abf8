/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-property.h"

#include "base/kith-secret.h"

/**
 * kith_property_set_text:
 * @object: (type GObject): one of the model
 * @field: (inout): where it keeps the text of a property
 * @text: (nullable): the new text
 * @property: the property
 *
 * Changes the text, and tells of it if it is another one. The old one is wiped: it may be a link, which is
 * as good as a key.
 */
void
kith_property_set_text (gpointer object, char **field, const char *text, GParamSpec *property)
{
  if (g_strcmp0 (*field, text) == 0)
    return;

  kith_secret_free_text (*field);
  *field = g_strdup (text);
  g_object_notify_by_pspec (object, property);
}

/**
 * kith_property_set_flag:
 * @object: (type GObject): one of the model
 * @field: (inout): where it keeps a property that is true or not
 * @flag: the new value; anything but 0 is %TRUE
 * @property: the property
 *
 * Changes it, and tells of it if it is another one.
 */
void
kith_property_set_flag (gpointer object, gboolean *field, gboolean flag, GParamSpec *property)
{
  if (*field == !!flag)
    return;

  *field = !!flag;
  g_object_notify_by_pspec (object, property);
}
