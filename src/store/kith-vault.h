/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/kith-secret.h"

G_BEGIN_DECLS

/* The key file of a profile: one random master key under the passphrase (kith-key-wrap.h). All that
 * is stored is encrypted with keys derived from it, so a new passphrase rewrites this file alone,
 * and forgetting it erases everything. What is slow in kith-key-wrap.h is slow here. */

/* Behind the name of a key file: its next one, until that has its name. */
#define KITH_VAULT_WRITING ".writing"

/* Errors of all: those of kith_key_wrap_*(), and EXISTS, DISK_FULL, DISK, PERMISSION. */
KithSecret *kith_vault_create     (const char  *path,
                                   KithSecret  *passphrase,
                                   GError     **error);
KithSecret *kith_vault_unlock     (const char  *path,
                                   KithSecret  *passphrase,
                                   GError     **error);
gboolean    kith_vault_change     (const char  *path,
                                   KithSecret  *current,
                                   KithSecret  *passphrase,
                                   GError     **error);
/* Whether there is one; an error when the disk does not say. */
gboolean    kith_vault_look       (const char  *path,
                                   gboolean    *exists,
                                   GError     **error);
gboolean    kith_vault_peek       (const char  *path,
                                   gboolean    *has_passphrase,
                                   GError     **error);

/* Gives a key file its name for good: it has it after a power cut, too. EXISTS when that is
 * the name of another one already. */
gboolean    kith_vault_rename     (const char  *path,
                                   const char  *name,
                                   GError     **error);

/* Overwrites the wrapped key, also of a copy that is no longer wanted; kith_vault_destroy() removes the
 * file then. On flash memory and copy-on-write file systems an old block may outlive that; without the
 * passphrase it is of no use. */
gboolean    kith_vault_wipe       (const char  *path,
                                   GError     **error);
gboolean    kith_vault_destroy    (const char  *path,
                                   gboolean    *is_wiped,
                                   GError     **error);

/* After a kill or a power cut; only while nobody else uses the vault. */
void        kith_vault_settle     (const char  *path);

/* The key for one purpose: KDF (master, @label). (transfer full) */
KithSecret *kith_vault_derive     (KithSecret  *master,
                                   const char  *label);

G_END_DECLS
