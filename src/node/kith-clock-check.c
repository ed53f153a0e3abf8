/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 7.8. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-clock-check.h"

#include <string.h>

#include "base/kith-limits.h"
#include "proto/kith-identity.h"

typedef struct
{
  guint8 identity[KITH_IDENTITY_KEY_BYTES];
  gint64 offset_s; /* their clock less ours */
} Sample;

struct _KithClockCheck
{
  KithEnv             corrected;
  const KithEnv      *env;          /* (unowned) */
  KithClockCheckFunc  is_contact;
  gpointer            user_data;
  GArray             *samples;      /* (owned) Sample, one of each person, newest last */
  gint64              step_us;      /* realtime less monotonic, when the samples were taken */
  gint64              correction_s;
};

/* --- Steps ---------------------------------------------------------------------------------- */

static gint64
get_step_us (KithClockCheck *self)
{
  return self->env->realtime_us (self->env->user_data) - kith_env_monotonic_us (self->env);
}

/* The clock was set, or the machine slept; that looks the same from here. What was said before may
 * not be true any more. */
static void
forget_if_stepped (KithClockCheck *self)
{
  gint64 step_us = get_step_us (self);

  if (ABS (step_us - self->step_us) > KITH_LIMIT_CLOCK_STEP_S * G_USEC_PER_SEC)
    {
      g_array_set_size (self->samples, 0);
      self->correction_s = 0;
    }
  self->step_us = step_us;
}

/* --- Samples -------------------------------------------------------------------------------- */

static Sample *
get_sample (KithClockCheck *self, guint at)
{
  return &g_array_index (self->samples, Sample, at);
}

static gboolean
counts (KithClockCheck *self, guint at)
{
  return self->is_contact (get_sample (self, at)->identity, self->user_data);
}

static void
remove_former (KithClockCheck *self, const guint8 *identity)
{
  for (guint i = self->samples->len; i > 0; i--)
    if (memcmp (get_sample (self, i - 1)->identity, identity, KITH_IDENTITY_KEY_BYTES) == 0)
      g_array_remove_index (self->samples, i - 1);
}

/* Strangers may shake hands as often as they like: they do not push out a contact. */
static void
make_room (KithClockCheck *self)
{
  guint oldest = 0;

  if (self->samples->len < KITH_LIMIT_CLOCK_SAMPLES)
    return;

  for (guint i = self->samples->len; i > 0; i--)
    if (!counts (self, i - 1))
      oldest = i - 1;
  g_array_remove_index (self->samples, oldest);
}

static gint
compare_offsets (gconstpointer a, gconstpointer b)
{
  const gint64 *left = a;
  const gint64 *right = b;

  return (*left > *right) - (*left < *right);
}

/* Of an even number the one of the two in the middle that wants less of us: half of all are not
 * enough. */
static gint64
get_median_s (const gint64 *sorted, guint n)
{
  gint64 lower = sorted[(n - 1) / 2];
  gint64 upper = sorted[n / 2];

  return ABS (lower) < ABS (upper) ? lower : upper;
}

/**
 * kith_clock_check_update: (skip)
 * @self: a clock check
 *
 * Judges anew: somebody may have become a contact, or is one no more.
 */
void
kith_clock_check_update (KithClockCheck *self)
{
  gint64 offsets[KITH_LIMIT_CLOCK_SAMPLES];
  gint64 median_s = 0;
  guint n = 0;

  forget_if_stepped (self);
  for (guint i = 0; i < self->samples->len; i++)
    if (counts (self, i))
      offsets[n++] = get_sample (self, i)->offset_s;

  if (n >= KITH_LIMIT_CLOCK_CONTACTS)
    {
      qsort (offsets, n, sizeof offsets[0], compare_offsets);
      median_s = get_median_s (offsets, n);
    }
  self->correction_s = ABS (median_s) > KITH_LIMIT_CLOCK_WRONG_S ? median_s : 0;
}

/**
 * kith_clock_check_add: (skip)
 * @self: a clock check
 * @identity: (array fixed-size=32): who has shaken hands with us, and proved who it is
 * @time_s: unix time by their clock; untrusted
 */
void
kith_clock_check_add (KithClockCheck *self, const guint8 *identity, guint64 time_s)
{
  Sample sample;

  if (time_s > KITH_LIMIT_CLOCK_LATEST_S)
    return;

  forget_if_stepped (self);
  memcpy (sample.identity, identity, sizeof sample.identity);
  sample.offset_s = (gint64) time_s - kith_env_realtime_s (self->env);
  remove_former (self, identity);
  make_room (self);
  g_array_append_val (self->samples, sample);
  kith_clock_check_update (self);
}

/**
 * kith_clock_check_get_correction_s: (skip)
 * @self: a clock check
 *
 * Returns: what has to be added to the clock of this machine to be right; 0 when nothing is known
 *   against it
 */
gint64
kith_clock_check_get_correction_s (KithClockCheck *self)
{
  forget_if_stepped (self);
  return self->correction_s;
}

/* --- The corrected clock -------------------------------------------------------------------- */

static gint64
corrected_realtime_us (gpointer user_data)
{
  KithClockCheck *self = user_data;

  return self->env->realtime_us (self->env->user_data)
         + kith_clock_check_get_correction_s (self) * G_USEC_PER_SEC;
}

static gint64
monotonic_us (gpointer user_data)
{
  KithClockCheck *self = user_data;

  return kith_env_monotonic_us (self->env);
}

static void
random_bytes (guint8 *buffer, gsize len, gpointer user_data)
{
  KithClockCheck *self = user_data;

  kith_env_random_bytes (self->env, buffer, len);
}

/**
 * kith_clock_check_get_env: (skip)
 * @self: a clock check
 *
 * Returns: (transfer none): the env with its clock corrected, for what has to be done at the same
 *   time as others do it, and for nothing else; valid as long as @self
 */
const KithEnv *
kith_clock_check_get_env (KithClockCheck *self)
{
  return &self->corrected;
}

/* --- Life ----------------------------------------------------------------------------------- */

/**
 * kith_clock_check_new: (skip)
 * @env: (transfer none): the clock of this machine; outlives the check
 * @is_contact: whose word counts
 * @user_data: given to it
 *
 * Returns: (transfer full): a clock check that has heard nobody
 */
KithClockCheck *
kith_clock_check_new (const KithEnv *env, KithClockCheckFunc is_contact, gpointer user_data)
{
  KithClockCheck *self = g_new0 (KithClockCheck, 1);

  self->env = env;
  self->is_contact = is_contact;
  self->user_data = user_data;
  self->samples = g_array_new (FALSE, FALSE, sizeof (Sample));
  self->step_us = get_step_us (self);
  self->corrected = (KithEnv){ corrected_realtime_us, monotonic_us, random_bytes, self };
  return self;
}

/**
 * kith_clock_check_free: (skip)
 * @self: (transfer full): a clock check
 */
void
kith_clock_check_free (KithClockCheck *self)
{
  g_array_unref (self->samples);
  g_free (self);
}
