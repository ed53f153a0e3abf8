/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-qr.h"

#include <qrencode.h>

#include "cli/kith-cli-text.h"

#define QUIET_ZONE 4 /* modules around the code, as the standard asks for */

static gboolean
is_light (const QRcode *code, int x, int y)
{
  if (x < 0 || y < 0 || x >= code->width || y >= code->width)
    return TRUE;

  return (code->data[y * code->width + x] & 1) == 0;
}

/* Two rows of modules in one of text: a character is twice as high as wide. */
static void
append_rows (GString *out, const QRcode *code, int y)
{
  static const char *const blocks[2][2] = { { " ", "▄" }, { "▀", "█" } };
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *painted = NULL;

  for (int x = -QUIET_ZONE; x < code->width + QUIET_ZONE; x++)
    g_string_append (line, blocks[is_light (code, x, y)][is_light (code, x, y + 1)]);

  painted = kith_cli_text_paint (KITH_CLI_PAINT_CODE, line->str);
  g_string_append_printf (out, "%s%s", out->len > 0 ? "\n" : "", painted);
}

/**
 * kith_cli_qr_draw:
 * @text: an invite or another short text
 * @columns: how many the terminal has
 *
 * Draws a QR code for a terminal of light letters on a dark ground, in half blocks of UTF-8.
 *
 * Returns: (transfer full) (nullable): the lines of it; %NULL when there is no room for it
 */
char *
kith_cli_qr_draw (const char *text, guint columns)
{
  QRcode *code = QRcode_encodeString (text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
  GString *out;

  if (code == NULL || (guint) code->width + 2 * QUIET_ZONE > columns)
    {
      QRcode_free (code);
      return NULL;
    }

  out = g_string_new (NULL);
  for (int y = -QUIET_ZONE; y < code->width + QUIET_ZONE; y += 2)
    append_rows (out, code, y);

  QRcode_free (code);
  return g_string_free (out, FALSE);
}
