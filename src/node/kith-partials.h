/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The pieces of files that were begun and that nobody wants any more: they can be read by anybody who has the disk.
 * They are deleted on worker threads, which may end after the table of files; whoever ends the node waits for
 * that. Reference counted; main thread only. */
typedef struct _KithPartials KithPartials;

KithPartials *kith_partials_new       (void);
KithPartials *kith_partials_ref       (KithPartials *self);
void          kith_partials_unref     (KithPartials *self);

void          kith_partials_remove    (KithPartials *self,
                                       char         *path);
void          kith_partials_hold      (KithPartials *self);
gboolean      kith_partials_is_held   (KithPartials *self);
GPtrArray    *kith_partials_take      (KithPartials *self);

/* One has been given up that a worker thread still has; and that has ended, and what was left is deleted or noted. */
void          kith_partials_begin     (KithPartials *self);
void          kith_partials_end       (KithPartials *self);

void          kith_partials_await     (KithPartials *self,
                                       guint         timeout_ms,
                                       void        (*done) (gpointer user_data),
                                       gpointer      user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithPartials, kith_partials_unref)

G_END_DECLS
