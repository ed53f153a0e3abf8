/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KithEnv:
 * @realtime_us: unix time in microseconds
 * @monotonic_us: a clock that never steps, in microseconds
 * @random_bytes: fills a buffer with random bytes fit for keys
 * @user_data: given to each
 *
 * Where the core takes time and randomness from, so that tests can replace both. An env outlives
 * everything that was given it.
 */
typedef struct
{
  gint64   (*realtime_us)  (gpointer user_data);
  gint64   (*monotonic_us) (gpointer user_data);
  void     (*random_bytes) (guint8 *buffer, gsize len, gpointer user_data);
  gpointer user_data;
} KithEnv;

const KithEnv *kith_env_get_default   (void);
gint64         kith_env_realtime_ms   (const KithEnv *self);
gint64         kith_env_realtime_s    (const KithEnv *self);
gint64         kith_env_monotonic_us  (const KithEnv *self);
gint64         kith_env_boottime_us   (const KithEnv *self);
char          *kith_env_dup_boot      (const KithEnv *self);
void           kith_env_random_bytes  (const KithEnv *self,
                                       guint8        *buffer,
                                       gsize          len);
guint32        kith_env_random_uniform (const KithEnv *self,
                                        guint32        upper_bound);

/**
 * KithFakeEnv:
 *
 * For tests: a clock that is set by hand and randomness that is the same in every run.
 */
typedef struct
{
  KithEnv env;
  gint64  realtime_us;
  gint64  monotonic_us;
  guint8  seed[32];
  guint64 counter;
} KithFakeEnv;

void kith_fake_env_init    (KithFakeEnv *self,
                            guint64      seed,
                            gint64       realtime_s);
void kith_fake_env_advance (KithFakeEnv *self,
                            gint64       us);

G_END_DECLS
