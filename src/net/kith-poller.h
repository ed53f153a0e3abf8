/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KithWatch:
 *
 * A socket that is watched, or work that has to be done at the end of the turn of the loop. All watches of a main
 * context share two sources with an epoll descriptor each, the lanes: one for what is said, and one for what is
 * moved in bulk, below GTK's redraw. So thousands of idle sockets cost the loop nothing, which looks at each source,
 * and poll() at each descriptor, in each turn.
 *
 * Of the sockets that are ready a turn takes 64, and one alone where things are moved in bulk, the one that
 * has waited longest first; whoever is still ready has its turn again behind the others. When they were served,
 * what they raised is done in the same turn, twice: what sessions say becomes frames, then frames are written.
 *
 * A watch belongs to whoever holds it, in the thread that made it.
 */
typedef struct _KithWatch KithWatch;

/**
 * KithWatchFunc:
 * @ready: what of the wanted is possible, an error of the socket and its end included, which reading or writing
 *   tells; or what was raised. %G_IO_ERR alone: the system cannot watch it, and will not tell
 * @user_data: as given to kith_watch_new()
 *
 * May do anything with this watch and others, freeing included.
 */
typedef void (*KithWatchFunc) (GIOCondition ready,
                               gpointer     user_data);

KithWatch   *kith_watch_new       (int           fd,
                                   KithWatchFunc func,
                                   gpointer      user_data);
void         kith_watch_free      (KithWatch    *self);
void         kith_watch_want      (KithWatch    *self,
                                   GIOCondition  wanted);
void         kith_watch_raise     (KithWatch    *self,
                                   GIOCondition  ready);
GIOCondition kith_watch_get_raised (KithWatch   *self);
void         kith_watch_set_bulk  (KithWatch    *self,
                                   gboolean      bulk);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithWatch, kith_watch_free)

G_END_DECLS
