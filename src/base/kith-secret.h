/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KithSecret:
 *
 * A key or another secret of fixed length, in memory of its own that is not swapped out, not
 * dumped, guarded on both sides and wiped when the last reference goes. Immutable after creation.
 */
typedef struct _KithSecret KithSecret;

KithSecret   *kith_secret_new_from (const guint8     *data,
                                    gsize             len);
KithSecret   *kith_secret_ref      (KithSecret       *self);
void          kith_secret_unref    (KithSecret       *self);
/* Zeros instead, for all who have it. */
void          kith_secret_forget   (KithSecret       *self);
const guint8 *kith_secret_get_data (const KithSecret *self);
gsize         kith_secret_get_len  (const KithSecret *self);
gboolean      kith_secret_equal    (const KithSecret *a,
                                    const KithSecret *b);

/* Compares @len bytes in a time that does not depend on where they differ. */
gboolean      kith_secret_equal_memory (const void   *a,
                                        const void   *b,
                                        gsize         len);

/* Wipes and frees a string that may hold a secret, such as a passphrase that was typed. */
void          kith_secret_free_text (char            *text);

/* The same at the end of a block: g_autoptr (KithSecretText) text. */
typedef char KithSecretText;

/* Appends @len bytes, or all with -1, and wipes what is left behind when the text has to move; then wipes and frees all
 * of it. */
void          kith_secret_append   (GString          *to,
                                    const char       *text,
                                    gssize            len);
void          kith_secret_free_string (GString       *string);

/* (transfer full): a copy of @len bytes, which the last reference wipes. Any thread. */
GBytes       *kith_secret_copy_bytes (const void     *data,
                                      gsize           len);

/* Wipes @len bytes of a secret on the stack or in a struct: never optimised away. */
void          kith_secret_wipe     (void             *data,
                                    gsize             len);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithSecret, kith_secret_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithSecretText, kith_secret_free_text)

G_END_DECLS
