/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef void (*KithCorpusPut) (const char   *target,
                               const char   *name,
                               gconstpointer data,
                               gsize         len);

void kith_corpus_put_wire (KithCorpusPut put);

G_END_DECLS
