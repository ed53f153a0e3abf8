/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KithCliPaint:
 * @KITH_CLI_PAINT_NAME: who somebody is
 * @KITH_CLI_PAINT_QUIET: what matters less, such as a time
 * @KITH_CLI_PAINT_WARNING: what should be seen
 * @KITH_CLI_PAINT_CODE: a line of a QR code: light on dark, whatever the terminal looks like
 *
 * What a part of the output is, which a terminal shows in its own way.
 */
typedef enum
{
  KITH_CLI_PAINT_NAME,
  KITH_CLI_PAINT_QUIET,
  KITH_CLI_PAINT_WARNING,
  KITH_CLI_PAINT_CODE,
} KithCliPaint;

void  kith_cli_text_set_painting (gboolean     painting);
char *kith_cli_text_paint        (KithCliPaint paint,
                                  const char  *text);
char *kith_cli_text_safe         (const char  *text);
char *kith_cli_text_time         (gint64       time_ms);

G_END_DECLS
