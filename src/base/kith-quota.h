/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KithQuota:
 *
 * Limits how often something may happen within a span of time, which begins with the first: then all are
 * forgotten at once. All zeros: nothing has happened. KithBucket gives one back after the other instead.
 */
typedef struct
{
  guint  n;
  gint64 since_us; /* when the first did, by the clock of the calls */
} KithQuota;

gboolean kith_quota_is_over     (const KithQuota *self,
                                 gint64           now_us,
                                 guint            span_ms);
gboolean kith_quota_has_room    (const KithQuota *self,
                                 gint64           now_us,
                                 guint            most,
                                 guint            span_ms);
void     kith_quota_count       (KithQuota       *self,
                                 gint64           now_us,
                                 guint            span_ms);
gboolean kith_quota_take        (KithQuota       *self,
                                 gint64           now_us,
                                 guint            most,
                                 guint            span_ms);
guint    kith_quota_get_wait_ms (const KithQuota *self,
                                 gint64           now_us,
                                 guint            most,
                                 guint            span_ms);

G_END_DECLS
