/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-profile-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-same-file.h"
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

  return fstat (fd, &ours) == 0 && lstat (path, &there) == 0 && kith_same_file (&ours, &there);
}

/**
 * kith_profile_lock_take:
 * @path: the lock's file, which is made when it is not there
 * @error: return location for a #GError: %KITH_ERROR_PROFILE_IN_USE (the message says by whom), or those of
 *   kith_store_set_errno_error()
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
