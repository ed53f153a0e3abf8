/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node.h"

G_BEGIN_DECLS

/* Who goes by the same name as somebody else: a changed identity is a new person, whatever it calls
 * itself (protocol 2.1). */
typedef struct _KithNamesakes KithNamesakes;

KithNamesakes *kith_namesakes_new  (void);
void           kith_namesakes_free (KithNamesakes *self);
void           kith_namesakes_note (KithNode      *node,
                                    const guint8  *identity);
gboolean       kith_namesakes_has  (KithNode      *node,
                                    const guint8  *identity,
                                    const char    *name);

G_END_DECLS
