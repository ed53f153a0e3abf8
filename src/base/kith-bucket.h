/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KithBucket:
 *
 * Limits how often somebody may do something: so many times at once, then one more after each pause. All
 * zeros is a full one.
 */
typedef struct
{
  guint  n_used;    /* less those that time has given back */
  gint64 filled_us; /* monotonic: up to when what time gives back is counted */
} KithBucket;

gboolean kith_bucket_take        (KithBucket *self,
                                  gint64      now_us,
                                  guint       burst,
                                  guint       refill_ms);
gboolean kith_bucket_is_full     (KithBucket *self,
                                  gint64      now_us,
                                  guint       refill_ms);
guint    kith_bucket_get_wait_ms (KithBucket *self,
                                  gint64      now_us,
                                  guint       burst,
                                  guint       refill_ms);

G_END_DECLS
