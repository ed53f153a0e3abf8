/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-picture-words.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "base/kith-error.h"

/**
 * kith_picture_words_new_error:
 * @verdict: why a picture is not shown
 *
 * Returns: (transfer full): KITH_ERROR_INVALID, KITH_ERROR_TOO_BIG, KITH_ERROR_DAMAGED or
 *   KITH_ERROR_FAILED, with words for people
 */
GError *
kith_picture_words_new_error (KithPictureVerdict verdict)
{
  switch (verdict)
    {
    case KITH_PICTURE_NOT_KNOWN:
      return g_error_new_literal (KITH_ERROR, KITH_ERROR_INVALID,
                                  _("This is no picture of a kind that is shown here"));
    case KITH_PICTURE_TOO_BIG:
      return g_error_new_literal (KITH_ERROR, KITH_ERROR_TOO_BIG,
                                  _("This picture is too big to be shown here"));
    case KITH_PICTURE_TOO_LONG:
      return g_error_new_literal (KITH_ERROR, KITH_ERROR_TOO_BIG,
                                  _("This animation is too long to be shown here"));
    case KITH_PICTURE_DAMAGED:
      return g_error_new_literal (KITH_ERROR, KITH_ERROR_DAMAGED, _("This picture is damaged"));
    case KITH_PICTURE_NOT_DECODED:
    case KITH_PICTURE_FINE:
      break;
    }

  return g_error_new_literal (KITH_ERROR, KITH_ERROR_FAILED, _("This picture cannot be shown safely"));
}
