/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-name-input.h"

#include <string.h>

#include <glib/gi18n.h>

#include "base/kith-text.h"

/**
 * kith_name_input_check:
 * @text: what the user typed
 * @complaint: (out) (transfer none) (nullable): words for the user when it will not do; %NULL when
 *   it is right, or merely not there yet
 *
 * Looks at a name while it is typed, with the same eyes as the peers (protocol 12).
 *
 * Returns: whether the name will do
 */
gboolean
kith_name_input_check (const char *text, const char **complaint)
{
  g_autofree char *bare = g_strstrip (g_strdup (text));
  g_autofree char *name = NULL;
  g_autofree char *nfc = NULL;

  *complaint = NULL;

  if (*bare == '\0')
    return FALSE;

  name = kith_text_sanitize_name (bare);
  if (name == NULL || *name == '\0')
    {
      *complaint = _("A name needs at least one letter that can be seen");
      return FALSE;
    }

  nfc = g_utf8_normalize (bare, -1, G_NORMALIZE_NFC);
  if (nfc == NULL || (strlen (nfc) > strlen (name) && g_str_has_prefix (nfc, name)))
    {
      *complaint = _("This name is too long");
      return FALSE;
    }

  return TRUE;
}
