/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef void (*KithCorpusPut) (const char   *target,
                               const char   *name,
                               gconstpointer data,
                               gsize         len);

/* make-corpus-wire.c: what is sent between two, for session and handshake */
void kith_corpus_put_wire  (KithCorpusPut put);
/* make-corpus-files.c */
void kith_corpus_put_files (KithCorpusPut put);
/* make-corpus-node.c */
void kith_corpus_put_node  (KithCorpusPut put);
/* What it is, in two bytes how long, and that. @body: (transfer full) */
void kith_corpus_add       (GByteArray   *input,
                            guint8        what,
                            gconstpointer data,
                            gsize         len);
void kith_corpus_add_body  (GByteArray   *input,
                            guint8        what,
                            GByteArray   *body);
/* @input: (transfer full) */
void kith_corpus_put_input (KithCorpusPut put,
                            const char   *target,
                            const char   *name,
                            GByteArray   *input);
/* make-corpus-people.c: strangers, and members of a group */
void kith_corpus_put_people (KithCorpusPut put);
/* make-corpus-store.c */
void kith_corpus_put_disk  (KithCorpusPut put);

G_END_DECLS
