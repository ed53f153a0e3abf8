/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KithHlc:
 * @last: the highest value given out or seen
 *
 * A hybrid logical clock (protocol 8): 48 bits of unix time in ms, then a 16-bit counter. Its
 * values order the messages of a conversation as people experienced them, even when the clocks of
 * the two machines differ a little or step backwards.
 */
typedef struct
{
  guint64 last;
} KithHlc;

#define KITH_HLC_COUNTER_BITS 16

guint64 kith_hlc_from_ms (gint64 ms);
guint64 kith_hlc_next    (KithHlc *self,
                          gint64   now_ms);
guint64 kith_hlc_receive (KithHlc *self,
                          guint64  theirs,
                          gint64   now_ms);

G_END_DECLS
