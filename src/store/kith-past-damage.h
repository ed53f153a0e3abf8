/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether what comes first from @place on can be read, or nothing comes any more. */
typedef gboolean (*KithPastDamageFunc) (gint64   place,
                                        gpointer user_data);

/* What comes behind @bad cannot be read: in ever longer leaps to where something can be, and back to the first of that.
 * A damaged page has many rows, and one above it those of many pages. Returns: a place behind @bad; @to when nothing
 * before it can be read */
gint64 kith_past_damage_find (gint64             bad,
                              gint64             to,
                              KithPastDamageFunc is_readable_from,
                              gpointer           user_data);

G_END_DECLS
