/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-failure.h"

#include <glib/gi18n-lib.h>

static const struct
{
  const char *code;
  const char *words;
} failures[] = {
  { KITH_FAILURE_REMOVED, N_("You removed this contact") },
  { KITH_FAILURE_REFUSED, N_("They do not have you as a contact anymore. Ask them for a new invite.") },
  { KITH_FAILURE_DECLINED, N_("They did not accept your request") },
  { KITH_FAILURE_TOO_BIG, N_("It is too long for one message. Send it in several parts.") },
  { KITH_FAILURE_NOT_UNDERSTOOD,
    N_("Their Kith does not understand it. It may be older or newer than yours.") },
  { KITH_FAILURE_GONE, N_("They do not have it anymore") },
};

/**
 * kith_failure_get_words:
 * @code: why something failed, as it is stored
 *
 * Returns: (transfer none): the same for people; what is no code stands for itself
 */
const char *
kith_failure_get_words (const char *code)
{
  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    if (g_str_equal (failures[i].code, code))
      return _(failures[i].words);

  return code;
}
