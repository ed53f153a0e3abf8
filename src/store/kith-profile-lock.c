/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-profile-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "store/kith-store-errors.h"

struct _KithProfileLock
{
  int fd;
};

#define OWNER_BYTES 128

/* --- The lock ------------------------------------------------------------------------------- */

static void
set_in_use (GError **error, int fd)
{
  char owner[OWNER_BYTES + 1] = { 0 };
  gssize len = pread (fd, owner, OWNER_BYTES, 0);

  /* Whoever wrote the file chose the words. */
  if (len <= 0 || !g_str_is_ascii (owner))
    g_strlcpy (owner, "another program", sizeof owner);
  g_strdelimit (g_strchomp (owner), "\n\r\t\x1b", ' ');
  g_set_error (error, KITH_ERROR, KITH_ERROR_PROFILE_IN_USE, "The profile is open in %s", owner);
}

static void
write_owner (int fd)
{
  const char *name = g_get_prgname ();
  g_autofree char *owner =
    g_strdup_printf ("%.60s (process %d)\n", name != NULL ? name : "kith", (int) getpid ());
  gsize len = strlen (owner);

  /* Only for the words of set_in_use(): the lock holds without them. */
  if (ftruncate (fd, 0) != 0 || pwrite (fd, owner, len, 0) != (gssize) len)
    g_info ("The owner of the profile could not be written down");
}

/* The process that had it may have removed the file, with an empty folder, after it was opened here:
 * a lock on what has no name keeps nobody out. */
static gboolean
is_still_there (int fd, const char *path)
{
  struct stat ours;
  struct stat there;

  return fstat (fd, &ours) == 0 && lstat (path, &there) == 0 && ours.st_dev == there.st_dev
         && ours.st_ino == there.st_ino;
}

/**
 * kith_profile_lock_take:
 * @path: the lock's file, which is made when it is not there
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (nullable): the lock
 */
KithProfileLock *
kith_profile_lock_take (const char *path, GError **error)
{
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  KithProfileLock *self;

  if (fd < 0)
    {
      kith_store_set_errno_error (error, errno);
      return NULL;
    }

  if (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      if (errno == EWOULDBLOCK)
        set_in_use (error, fd);
      else
        kith_store_set_errno_error (error, errno);
      close (fd);
      return NULL;
    }

  if (!is_still_there (fd, path))
    {
      close (fd);
      return kith_profile_lock_take (path, error);
    }

  write_owner (fd);
  self = g_new0 (KithProfileLock, 1);
  self->fd = fd;
  return self;
}

/**
 * kith_profile_lock_is_at:
 * @self: a lock
 * @path: where its file was
 *
 * A stick may be pulled, a folder of the network be away, and something else be there instead.
 *
 * Returns: whether the file of that name is the one that is locked
 */
gboolean
kith_profile_lock_is_at (KithProfileLock *self, const char *path)
{
  return is_still_there (self->fd, path);
}

/**
 * kith_profile_lock_release:
 * @self: (transfer full): a lock
 */
void
kith_profile_lock_release (KithProfileLock *self)
{
  close (self->fd);
  g_free (self);
}

/* --- Wrong passphrases ---------------------------------------------------------------------- */

typedef struct
{
  guint  n_wrong;
  gint64 until_s;
} Attempts;

static gboolean
parse_attempts (const char *text, Attempts *out)
{
  char *after_wrong = NULL;
  char *after_until = NULL;
  guint64 n_wrong = g_ascii_strtoull (text, &after_wrong, 10);
  gint64 until_s = g_ascii_strtoll (after_wrong, &after_until, 10);

  if (after_wrong == text || after_until == after_wrong || n_wrong > G_MAXUINT || until_s < 0)
    return FALSE;

  *out = (Attempts){ (guint) n_wrong, until_s };
  return TRUE;
}

/* Anything may stand in the file: what makes no sense counts for nothing. */
static Attempts
read_attempts (const char *path)
{
  Attempts attempts = { 0 };
  char text[OWNER_BYTES] = { 0 };
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);

  if (fd < 0)
    return attempts;

  if (read (fd, text, sizeof text - 1) > 0)
    parse_attempts (text, &attempts);

  close (fd);
  return attempts;
}

static void
write_attempts (const char *path, const Attempts *attempts)
{
  g_autofree char *text =
    g_strdup_printf ("%u %" G_GINT64_FORMAT "\n", attempts->n_wrong, attempts->until_s);

  g_file_set_contents_full (path, text, -1,
                            G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                            NULL);
}

guint
kith_attempts_get_pause_s (const char *path, gint64 now_s)
{
  Attempts attempts = read_attempts (path);
  gint64 left_s = attempts.until_s - now_s;

  /* A pause that is longer was begun by a clock that was wrong. */
  return left_s > 0 && left_s <= KITH_LIMIT_PASSPHRASE_PAUSE_S ? (guint) left_s : 0;
}

guint
kith_attempts_get_tries_left (const char *path)
{
  Attempts attempts = read_attempts (path);

  return KITH_LIMIT_WRONG_PASSPHRASES - MIN (attempts.n_wrong, KITH_LIMIT_WRONG_PASSPHRASES - 1);
}

guint
kith_attempts_add_wrong (const char *path, gint64 now_s)
{
  Attempts attempts = read_attempts (path);

  attempts.n_wrong = MIN (attempts.n_wrong, KITH_LIMIT_WRONG_PASSPHRASES) + 1;
  if (attempts.n_wrong >= KITH_LIMIT_WRONG_PASSPHRASES)
    attempts = (Attempts){ .until_s = now_s + KITH_LIMIT_PASSPHRASE_PAUSE_S };

  write_attempts (path, &attempts);
  return attempts.until_s > now_s ? 0 : KITH_LIMIT_WRONG_PASSPHRASES - attempts.n_wrong;
}

void
kith_attempts_clear (const char *path)
{
  g_unlink (path);
}
