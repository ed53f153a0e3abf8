/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-env.h"

#include <string.h>
#include <time.h>

#include <sodium.h>

static gint64
system_realtime_us (gpointer user_data)
{
  return g_get_real_time ();
}

static gint64
system_monotonic_us (gpointer user_data)
{
  return g_get_monotonic_time ();
}

static void
system_random_bytes (guint8 *buffer, gsize len, gpointer user_data)
{
  randombytes_buf (buffer, len);
}

/**
 * kith_env_get_default:
 *
 * Returns: (transfer none): the system's clocks and the kernel's randomness, for ever valid
 */
const KithEnv *
kith_env_get_default (void)
{
  static const KithEnv env = { system_realtime_us, system_monotonic_us, system_random_bytes, NULL };

  return &env;
}

/**
 * kith_env_realtime_ms:
 * @self: an env
 *
 * Returns: unix time in milliseconds
 */
gint64
kith_env_realtime_ms (const KithEnv *self)
{
  return self->realtime_us (self->user_data) / 1000;
}

/**
 * kith_env_realtime_s:
 * @self: an env
 *
 * Returns: unix time in seconds
 */
gint64
kith_env_realtime_s (const KithEnv *self)
{
  return self->realtime_us (self->user_data) / G_USEC_PER_SEC;
}

/**
 * kith_env_monotonic_us:
 * @self: an env
 *
 * Returns: microseconds on a clock that never steps
 */
gint64
kith_env_monotonic_us (const KithEnv *self)
{
  return self->monotonic_us (self->user_data);
}

/**
 * kith_env_boottime_us:
 * @self: an env
 *
 * Returns: microseconds on a clock that never steps and, where the system has such a one, goes on while the
 *   machine sleeps
 */
gint64
kith_env_boottime_us (const KithEnv *self)
{
#ifdef CLOCK_BOOTTIME
  struct timespec now;

  if (self->monotonic_us == system_monotonic_us && clock_gettime (CLOCK_BOOTTIME, &now) == 0)
    return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
#endif

  return kith_env_monotonic_us (self);
}

/**
 * kith_env_dup_boot:
 * @self: an env
 *
 * Names what kith_env_boottime_us() counts from: where the name is the same, two of its times can be compared,
 * whichever process took them.
 *
 * Returns: (transfer full): a name without blanks
 */
char *
kith_env_dup_boot (const KithEnv *self)
{
  static char *of_process;
  char *name = NULL;

  if (self->monotonic_us != system_monotonic_us)
    return g_strdup ("env");

#ifdef CLOCK_BOOTTIME
  if (g_file_get_contents ("/proc/sys/kernel/random/boot_id", &name, NULL, NULL))
    {
      g_strdelimit (g_strstrip (name), " ", '-');
      return name;
    }
#endif

  /* Nobody can say: then it ends with this process. */
  if (g_once_init_enter (&of_process))
    {
      name = g_uuid_string_random ();
      g_once_init_leave (&of_process, name);
    }
  return g_strdup (of_process);
}

/**
 * kith_env_random_bytes:
 * @self: an env
 * @buffer: (out caller-allocates) (array length=len): filled with random bytes fit for keys
 * @len: how many
 */
void
kith_env_random_bytes (const KithEnv *self, guint8 *buffer, gsize len)
{
  self->random_bytes (buffer, len, self->user_data);
}

/**
 * kith_env_random_uniform:
 * @self: an env
 * @upper_bound: the first number that is too large; 0 gives 0
 *
 * Returns: a number below @upper_bound; the bias of at most 2^-32 suits delays, not keys
 */
guint32
kith_env_random_uniform (const KithEnv *self, guint32 upper_bound)
{
  guint64 random;

  if (upper_bound == 0)
    return 0;

  kith_env_random_bytes (self, (guint8 *) &random, sizeof random);
  return (guint32) (random % upper_bound);
}

/* --- Fake ----------------------------------------------------------------------------------- */

static gint64
fake_realtime_us (gpointer user_data)
{
  return ((KithFakeEnv *) user_data)->realtime_us;
}

static gint64
fake_monotonic_us (gpointer user_data)
{
  return ((KithFakeEnv *) user_data)->monotonic_us;
}

static void
fake_random_bytes (guint8 *buffer, gsize len, gpointer user_data)
{
  KithFakeEnv *self = user_data;
  guint8 nonce[crypto_stream_chacha20_NONCEBYTES];

  self->counter++;
  memcpy (nonce, &self->counter, sizeof nonce);
  crypto_stream_chacha20 (buffer, len, nonce, self->seed);
}

/**
 * kith_fake_env_init:
 * @self: (out caller-allocates): a fake env, which must not move while in use
 * @seed: decides all random bytes
 * @realtime_s: the unix time to start from, in seconds
 *
 * For tests alone, as all of a fake env. It is beside the real one since every room is tested with it.
 */
void
kith_fake_env_init (KithFakeEnv *self, guint64 seed, gint64 realtime_s)
{
  *self = (KithFakeEnv){ 0 };
  self->env = (KithEnv){ fake_realtime_us, fake_monotonic_us, fake_random_bytes, self };
  self->realtime_us = realtime_s * G_USEC_PER_SEC;
  self->monotonic_us = G_USEC_PER_SEC;
  memcpy (self->seed, &seed, sizeof seed);
}

/**
 * kith_fake_env_advance:
 * @self: a fake env
 * @us: by how much both clocks go on, in microseconds
 *
 * For tests alone.
 */
void
kith_fake_env_advance (KithFakeEnv *self, gint64 us)
{
  self->realtime_us += us;
  self->monotonic_us += us;
}
