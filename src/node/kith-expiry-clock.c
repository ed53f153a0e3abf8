/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which time it is for messages that disappear. What is deleted is gone for good, so a clock that is set ahead is
 * not believed at once: it may be a mistake, and set back.
 *
 * What is due by every setting of an hour is due: so a doubt lasts an hour, however often the clock is set meanwhile,
 * and whoever sets it back only has it as it was. The settings outlive the program (kith_expiry_clock_to_text()): what
 * was doubted still is, and a clock that was set while nobody looked is found out. Over a restart of the machine nobody
 * knows whether the clock was set or the time has passed: it has passed. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-expiry-clock.h"

#include <string.h>

#include "base/kith-limits.h"

#define FURTHEST_MS (G_GINT64_CONSTANT (1) << 53) /* from zero, of what is read */

/* There has to be one. */
static KithExpiryStep *
get_last (KithExpiryClock *self)
{
  return &self->steps[self->n_steps - 1];
}

static void
push (KithExpiryClock *self, gint64 ahead_ms, gint64 until_ms)
{
  /* So many in an hour: the one before was hardly in force. */
  if (self->n_steps == KITH_EXPIRY_CLOCK_STEPS)
    self->n_steps--;
  self->steps[self->n_steps++] = (KithExpiryStep){ ahead_ms, until_ms };
}

/* Returns: whether one was left out */
static gboolean
drop_believed (KithExpiryClock *self, gint64 boot_ms)
{
  guint n = 0;

  while (n + 1 < self->n_steps && self->steps[n].until_ms + KITH_LIMIT_EXPIRY_DOUBT_MS <= boot_ms)
    n++;
  self->n_steps -= n;
  memmove (self->steps, self->steps + n, self->n_steps * sizeof *self->steps);
  return n > 0;
}

/**
 * kith_expiry_clock_look: (skip)
 * @self: a clock
 * @now_ms: unix time, as the machine has it
 * @boot_ms: the same moment by a clock that nobody sets, and that goes on while the machine sleeps
 *
 * Takes note of how the clock is set. Sleep is no setting.
 *
 * Returns: whether that has changed, so that it has to be stored
 */
gboolean
kith_expiry_clock_look (KithExpiryClock *self, gint64 now_ms, gint64 boot_ms)
{
  gint64 ahead_ms = now_ms - boot_ms;
  gboolean is_first = self->n_steps == 0;
  gboolean is_set = is_first || ABS (ahead_ms - get_last (self)->ahead_ms) > KITH_LIMIT_CLOCK_STEP_S * 1000;

  if (!is_first)
    get_last (self)->until_ms = boot_ms;
  if (!is_set)
    get_last (self)->ahead_ms = ahead_ms;

  /* Those that are not behind this one say nothing any more. */
  while (is_set && self->n_steps > 0 && get_last (self)->ahead_ms >= ahead_ms)
    self->n_steps--;
  if (is_set)
    push (self, ahead_ms, boot_ms);

  return drop_believed (self, boot_ms) || is_set;
}

/**
 * kith_expiry_clock_get_now_ms: (skip)
 * @self: a clock that has looked
 * @boot_ms: the moment of that look, by the boot time
 *
 * Returns: unix time, as far as it is believed
 */
gint64
kith_expiry_clock_get_now_ms (const KithExpiryClock *self, gint64 boot_ms)
{
  gint64 ahead_ms = self->n_steps > 0 ? self->steps[0].ahead_ms : 0;

  for (guint i = 1; i < self->n_steps; i++)
    ahead_ms = MIN (ahead_ms, self->steps[i].ahead_ms);
  return boot_ms + ahead_ms;
}

/**
 * kith_expiry_clock_get_doubt_ms: (skip)
 * @self: a clock that has looked
 * @boot_ms: the moment of that look, by the boot time
 *
 * Returns: when more will be believed, from now; 0 when all is
 */
gint64
kith_expiry_clock_get_doubt_ms (const KithExpiryClock *self, gint64 boot_ms)
{
  return self->n_steps > 1 ? MAX (self->steps[0].until_ms + KITH_LIMIT_EXPIRY_DOUBT_MS - boot_ms, 1) : 0;
}

/* --- Over the end of the program ------------------------------------------------------------ */

/**
 * kith_expiry_clock_to_text: (skip)
 * @self: a clock
 * @boot: the name of what the boot time counts from, without blanks
 *
 * Returns: (transfer full): for kith_expiry_clock_restore()
 */
char *
kith_expiry_clock_to_text (const KithExpiryClock *self, const char *boot)
{
  GString *text = g_string_new (boot);

  for (guint i = 0; i < self->n_steps; i++)
    g_string_append_printf (text, " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, self->steps[i].ahead_ms,
                            self->steps[i].until_ms);

  return g_string_free (text, FALSE);
}

/* Returns: whether there was one step at least, and all make sense */
static gboolean
read_steps (KithExpiryClock *self, char **words)
{
  gint64 ahead_ms, until_ms;

  for (; words[0] != NULL && words[1] != NULL; words += 2)
    {
      if (self->n_steps == KITH_EXPIRY_CLOCK_STEPS
          || !g_ascii_string_to_signed (words[0], 10, -FURTHEST_MS, FURTHEST_MS, &ahead_ms, NULL)
          || !g_ascii_string_to_signed (words[1], 10, -FURTHEST_MS, FURTHEST_MS, &until_ms, NULL)
          || (self->n_steps > 0 && until_ms < get_last (self)->until_ms))
        return FALSE;
      push (self, ahead_ms, until_ms);
    }

  return self->n_steps > 0 && words[0] == NULL;
}

/* The machine was started anew: what was doubted still is for what is left of its hour, and less far behind when the
 * clock was set back meanwhile. */
static void
carry_over (KithExpiryClock *self, KithExpiryClock *before, gint64 now_ms, gint64 boot_ms)
{
  const KithExpiryStep *last = get_last (before);
  gint64 passed_ms = now_ms - (last->ahead_ms + last->until_ms);

  for (guint i = 0; i + 1 < before->n_steps; i++)
    {
      gint64 age_ms = last->until_ms - before->steps[i].until_ms + MAX (passed_ms, 0);
      gint64 behind_ms = last->ahead_ms - before->steps[i].ahead_ms + MIN (passed_ms, 0);

      if (age_ms < KITH_LIMIT_EXPIRY_DOUBT_MS && behind_ms > 0)
        push (self, now_ms - boot_ms - behind_ms, boot_ms - age_ms);
    }
  push (self, now_ms - boot_ms, boot_ms);
}

/**
 * kith_expiry_clock_restore: (skip)
 * @self: a clock without steps
 * @text: of kith_expiry_clock_to_text(); untrusted: what makes no sense is not used
 * @boot: as there
 * @now_ms: unix time, as the machine has it
 * @boot_ms: the boot time
 *
 * Goes on where another has ended. kith_expiry_clock_look() is next.
 */
void
kith_expiry_clock_restore (KithExpiryClock *self, const char *text, const char *boot, gint64 now_ms,
                           gint64 boot_ms)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  KithExpiryClock before = { .n_steps = 0 };

  if (words[0] == NULL || !read_steps (&before, words + 1))
    return;

  if (g_str_equal (words[0], boot) && get_last (&before)->until_ms <= boot_ms)
    *self = before;
  else
    carry_over (self, &before, now_ms, boot_ms);
}
