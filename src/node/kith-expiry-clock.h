/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KITH_EXPIRY_CLOCK_STEPS 8

/* One setting of the clock, and until when it was in force. */
typedef struct
{
  gint64 ahead_ms; /* unix time less boot time */
  gint64 until_ms; /* by the boot time; of the last one, when it was looked at */
} KithExpiryStep;

/**
 * KithExpiryClock:
 *
 * The clock that messages disappear by: of those settings that were in force in the last hour, the one that is
 * furthest behind. One without steps, all zeros, believes what it sees first. A value.
 */
typedef struct
{
  KithExpiryStep steps[KITH_EXPIRY_CLOCK_STEPS]; /* the oldest first */
  guint          n_steps;
} KithExpiryClock;

gboolean kith_expiry_clock_look         (KithExpiryClock       *self,
                                         gint64                 now_ms,
                                         gint64                 boot_ms);
gint64   kith_expiry_clock_get_now_ms   (const KithExpiryClock *self,
                                         gint64                 boot_ms);
gint64   kith_expiry_clock_get_doubt_ms (const KithExpiryClock *self,
                                         gint64                 boot_ms);
/* (transfer full) */
char    *kith_expiry_clock_to_text      (const KithExpiryClock *self,
                                         const char            *boot);
void     kith_expiry_clock_restore      (KithExpiryClock       *self,
                                         const char            *text,
                                         const char            *boot,
                                         gint64                 now_ms,
                                         gint64                 boot_ms);

G_END_DECLS
