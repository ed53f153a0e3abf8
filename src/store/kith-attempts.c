/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-attempts.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/kith-limits.h"

#define FILE_BYTES 128

struct _KithAttempts
{
  gatomicrefcount ref_count;
  char           *path;          /* (owned) */
  GMutex          lock;          /* of what follows */
  gboolean        is_read;       /* the file: from then on it is only written */
  guint           n_wrong;
  gint64          until_running_s; /* the end of the pause; 0 = none */
};

KithAttemptsTime
kith_attempts_now (void)
{
  KithAttemptsTime now = { g_get_real_time () / G_USEC_PER_SEC, g_get_monotonic_time () / G_USEC_PER_SEC };

#ifdef CLOCK_BOOTTIME
  struct timespec boot;

  if (clock_gettime (CLOCK_BOOTTIME, &boot) == 0)
    now.running_s = (gint64) boot.tv_sec;
#endif
  return now;
}

/* --- The file ------------------------------------------------------------------------------- */

/* Anything may stand in it: what makes no sense counts for nothing. */
static gboolean
parse (const char *text, guint *n_wrong, gint64 *until_s)
{
  char *after_wrong = NULL;
  char *after_until = NULL;
  guint64 n = g_ascii_strtoull (text, &after_wrong, 10);
  gint64 s = g_ascii_strtoll (after_wrong, &after_until, 10);

  if (after_wrong == text || after_until == after_wrong || n > G_MAXUINT || s < 0)
    return FALSE;

  *n_wrong = (guint) n;
  *until_s = s;
  return TRUE;
}

/* (transfer full): what to write. The end of the pause as unix time: another process knows no other. */
static char *
dup_text (KithAttempts *self, const KithAttemptsTime *now)
{
  gint64 until_s = self->until_running_s != 0 ? now->unix_s + self->until_running_s - now->running_s : 0;

  return g_strdup_printf ("%u %" G_GINT64_FORMAT "\n", self->n_wrong, until_s);
}

/* Where it cannot be written it holds until the program ends. */
static void
write_file (KithAttempts *self, const char *text)
{
  g_file_set_contents_full (self->path, text, -1,
                            G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, NULL);
}

static void
read_file (KithAttempts *self, const KithAttemptsTime *now)
{
  char text[FILE_BYTES] = { 0 };
  int fd = g_open (self->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  guint n_wrong = 0;
  gint64 until_s = 0;

  if (fd < 0)
    return;

  if (read (fd, text, sizeof text - 1) > 0 && parse (text, &n_wrong, &until_s))
    {
      gint64 left_s = until_s > now->unix_s ? until_s - now->unix_s : 0;

      self->n_wrong = n_wrong;
      if (left_s > 0)
        self->until_running_s = now->running_s + MIN (left_s, KITH_LIMIT_PASSPHRASE_PAUSE_S);
      /* The clock went back: it begins anew, and once only. */
      if (left_s > KITH_LIMIT_PASSPHRASE_PAUSE_S)
        {
          g_autofree char *anew = dup_text (self, now);

          write_file (self, anew);
        }
    }
  close (fd);
}

/* With the lock held. */
static void
look (KithAttempts *self, const KithAttemptsTime *now)
{
  if (!self->is_read)
    read_file (self, now);
  self->is_read = TRUE;

  if (self->until_running_s != 0 && self->until_running_s <= now->running_s)
    {
      self->n_wrong = 0;
      self->until_running_s = 0;
    }
}

/* --- Attempts ------------------------------------------------------------------------------- */

/**
 * kith_attempts_new:
 * @path: the file; it need not be there
 *
 * Returns: (transfer full): what it says, and what comes
 */
KithAttempts *
kith_attempts_new (const char *path)
{
  KithAttempts *self = g_new0 (KithAttempts, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->path = g_strdup (path);
  return self;
}

/**
 * kith_attempts_ref:
 * @self: attempts
 *
 * Returns: (transfer full): @self
 */
KithAttempts *
kith_attempts_ref (KithAttempts *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * kith_attempts_unref:
 * @self: (transfer full): attempts
 */
void
kith_attempts_unref (KithAttempts *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_mutex_clear (&self->lock);
  g_free (self->path);
  g_free (self);
}

guint
kith_attempts_get_pause_s (KithAttempts *self, const KithAttemptsTime *now)
{
  gint64 left_s;

  g_mutex_lock (&self->lock);
  look (self, now);
  left_s = self->until_running_s != 0 ? self->until_running_s - now->running_s : 0;
  g_mutex_unlock (&self->lock);
  return (guint) CLAMP (left_s, 0, KITH_LIMIT_PASSPHRASE_PAUSE_S);
}

guint
kith_attempts_get_tries_left (KithAttempts *self, const KithAttemptsTime *now)
{
  guint n_wrong;

  g_mutex_lock (&self->lock);
  look (self, now);
  n_wrong = self->n_wrong;
  g_mutex_unlock (&self->lock);
  return KITH_LIMIT_WRONG_PASSPHRASES - MIN (n_wrong, KITH_LIMIT_WRONG_PASSPHRASES - 1);
}

guint
kith_attempts_add_wrong (KithAttempts *self, const KithAttemptsTime *now)
{
  g_autofree char *text = NULL;
  guint n_left;

  g_mutex_lock (&self->lock);
  look (self, now);
  self->n_wrong = MIN (self->n_wrong, KITH_LIMIT_WRONG_PASSPHRASES) + 1;
  if (self->n_wrong >= KITH_LIMIT_WRONG_PASSPHRASES)
    {
      self->n_wrong = 0;
      self->until_running_s = now->running_s + KITH_LIMIT_PASSPHRASE_PAUSE_S;
    }
  n_left = self->until_running_s != 0 ? 0 : KITH_LIMIT_WRONG_PASSPHRASES - self->n_wrong;
  text = dup_text (self, now);
  g_mutex_unlock (&self->lock);

  /* Whoever asks meanwhile does not wait for the disk. */
  write_file (self, text);
  return n_left;
}

void
kith_attempts_clear (KithAttempts *self)
{
  g_mutex_lock (&self->lock);
  self->is_read = TRUE;
  self->n_wrong = 0;
  self->until_running_s = 0;
  g_mutex_unlock (&self->lock);

  g_unlink (self->path);
}
