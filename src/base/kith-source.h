/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void kith_source_start (GSource     **source,
                        guint         ms,
                        GSourceFunc   func,
                        gpointer      user_data);
void kith_source_clear (GSource     **source);

GSource *kith_source_get_shared    (GSourceFuncs *funcs,
                                    GSource      *(*make) (void));
void     kith_source_forget_shared (GSource      *source);

G_END_DECLS
