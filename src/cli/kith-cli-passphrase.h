/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Passphrases from the terminal, without echo, or from a file descriptor: its first line. NULL when
 * there is none. To be wiped with kith_cli_passphrase_free(). All of them block. */
char    *kith_cli_passphrase_ask     (const char  *prompt);
gboolean kith_cli_passphrase_choose  (const char  *prompt,
                                      char       **passphrase);
char    *kith_cli_passphrase_read    (gint         fd);
void     kith_cli_passphrase_free    (char        *passphrase);
gboolean kith_cli_passphrase_can_ask (void);

G_END_DECLS
