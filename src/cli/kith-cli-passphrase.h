/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What one without a passphrase has to hear. */
#define KITH_CLI_NO_PASSPHRASE                                                                           \
  "This profile has no passphrase: whoever has this disk or folder can read it. "                        \
  "change-passphrase sets one."

/* Passphrases from the terminal, without echo, or from a file descriptor: its first line. NULL when
 * there is none. To be wiped with kith_cli_passphrase_free(). While the terminal is waited for the main
 * loop goes on, and with it all connections; reading from a descriptor blocks. */
char    *kith_cli_passphrase_ask     (const char    *prompt,
                                      GCancellable  *cancellable);
gboolean kith_cli_passphrase_choose  (const char    *prompt,
                                      GCancellable  *cancellable,
                                      char         **passphrase,
                                      GError       **error);
char    *kith_cli_passphrase_read    (gint           fd);
void     kith_cli_passphrase_free    (char          *passphrase);
gboolean kith_cli_passphrase_can_ask (void);

G_END_DECLS
