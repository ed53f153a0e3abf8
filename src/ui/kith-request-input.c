/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-request-input.h"

#include <glib/gi18n.h>

#include "base/kith-limits.h"

/**
 * kith_request_input_check:
 * @text: what was entered
 *
 * Returns: (transfer none) (nullable): words for the user when a request does not hold as much
 */
const char *
kith_request_input_check (const char *text)
{
  if (g_utf8_strlen (text, -1) > KITH_LIMIT_REQUEST_TEXT_CHARS)
    return _("These words are too long for a request. Once your friend has accepted you can write "
             "more.");

  return NULL;
}
