/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-vault.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <sodium.h>

#include "base/kith-error.h"
#include "base/kith-sync.h"
#include "store/kith-key-wrap.h"
#include "store/kith-store-errors.h"

#define MAGIC "KITHVLT"

/* What was there and is not any more is no vault of that name: its disk, or its folder, is away. */
static void
set_disk_error (GError **error, int code)
{
  if (code == ENOENT || code == ENOTDIR)
    g_set_error (error, KITH_ERROR, KITH_ERROR_DISK, "The disk says: %s", g_strerror (code));
  else
    kith_store_set_errno_error (error, code);
}

/* Whoever can write to the folder may have put anything there: nothing is waited for, and no more is
 * read than a key has. A link is not followed: erasing would leave what it leads to. */
static gboolean
read_file (const char *path, guint8 data[KITH_KEY_WRAP_BYTES], gsize *len, GError **error)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
  gssize n = fd >= 0 ? read (fd, data, KITH_KEY_WRAP_BYTES) : -1;
  int saved = errno;

  if (fd >= 0)
    close (fd);
  if (n >= 0)
    {
      *len = (gsize) n;
      return TRUE;
    }

  if (saved == ELOOP)
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_DAMAGED, "The vault is a link to somewhere else");
  else
    set_disk_error (error, saved);
  return FALSE;
}

static gboolean
write_to (int fd, const guint8 *data, gsize len)
{
  gssize n;

  do
    n = write (fd, data, len);
  while (n < 0 && errno == EINTR);
  if (n >= 0 && (gsize) n < len)
    errno = ENOSPC;
  return n == (gssize) len && fsync (fd) == 0;
}

/* On a full disk what there is of it cannot be overwritten either. */
static void
give_up (const char *path)
{
  gboolean is_wiped;

  if (!kith_vault_destroy (path, &is_wiped, NULL))
    g_unlink (path);
}

/* Of a new file; nothing is left of it when that cannot be. */
static gboolean
write_new (const char *path, const guint8 *data, gsize len, GError **error)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  gboolean is_done = fd >= 0 && write_to (fd, data, len);
  int saved = errno;

  if (fd >= 0)
    close (fd);
  if (is_done)
    return TRUE;

  if (fd >= 0)
    give_up (path);
  kith_store_set_errno_error (error, saved);
  return FALSE;
}

/* In one piece or not at all, also when the power goes. A kill leaves the other name, which nothing else has. */
static gboolean
write_instead (const char *path, const guint8 *data, gsize len, GError **error)
{
  g_autofree char *writing = g_strconcat (path, KITH_VAULT_WRITING, NULL);
  gboolean is_wiped;
  int saved;

  if (!kith_vault_destroy (writing, &is_wiped, error) || !write_new (writing, data, len, error))
    return FALSE;
  if (g_rename (writing, path) == 0)
    return TRUE;

  saved = errno;
  give_up (writing);
  kith_store_set_errno_error (error, saved);
  return FALSE;
}

/**
 * kith_vault_create:
 * @path: the key file, which must not exist
 * @passphrase: (nullable): its passphrase
 * @error: return location for a #GError: %KITH_ERROR_EXISTS, %KITH_ERROR_NO_MEMORY (for the passphrase), or those of
 *   kith_store_set_errno_error(); nothing is left then
 *
 * Returns: (transfer full) (nullable): the new master key
 */
KithSecret *
kith_vault_create (const char *path, KithSecret *passphrase, GError **error)
{
  guint8 key[KITH_KEY_WRAP_KEY_BYTES];
  guint8 wrapped[KITH_KEY_WRAP_BYTES];
  g_autoptr (KithSecret) master = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_EXISTS, "There is a vault already");
      return NULL;
    }

  randombytes_buf (key, sizeof key);
  master = kith_secret_new_from (key, sizeof key);
  kith_secret_wipe (key, sizeof key);
  if (!kith_key_wrap_seal (wrapped, MAGIC, master, passphrase, error)
      || !write_new (path, wrapped, sizeof wrapped, error))
    return NULL;

  return g_steal_pointer (&master);
}

/**
 * kith_vault_unlock:
 * @path: the key file
 * @passphrase: (nullable): its passphrase
 * @error: return location for a #GError: those of kith_key_wrap_open() (%KITH_ERROR_DAMAGED also for a link),
 *   %KITH_ERROR_DISK (also when it is not there) and %KITH_ERROR_PERMISSION
 *
 * Returns: (transfer full) (nullable): the master key
 */
KithSecret *
kith_vault_unlock (const char *path, KithSecret *passphrase, GError **error)
{
  guint8 wrapped[KITH_KEY_WRAP_BYTES];
  gsize len;

  if (!read_file (path, wrapped, &len, error))
    return NULL;

  return kith_key_wrap_open (wrapped, len, MAGIC, passphrase, error);
}

static int
open_for_writing (const char *path)
{
  return g_open (path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
}

static gboolean
overwrite (int fd)
{
  guint8 noise[KITH_KEY_WRAP_BYTES];

  randombytes_buf (noise, sizeof noise);
  return pwrite (fd, noise, sizeof noise, 0) == (gssize) sizeof noise && fsync (fd) == 0;
}

/* The blocks of the old file would stay as they are: the key in the clear, when it had no passphrase. As
 * long as the disk may still come back with its name, they are needed. */
static void
forget_old (int fd, const char *path)
{
  if (!kith_sync_file (path) || !kith_sync_folder_of (path) || !overwrite (fd))
    g_info ("The old vault could not be overwritten");
}

/**
 * kith_vault_change:
 * @path: the key file
 * @current: (nullable): the passphrase it has
 * @passphrase: (nullable): the passphrase it gets
 * @error: return location for a #GError: those of kith_vault_unlock(), and %KITH_ERROR_DISK_FULL
 *
 * Wraps the same master key anew; the file is the old or the new one, whatever happens. When it is the new
 * one, the old one is overwritten.
 *
 * Returns: whether it has the new passphrase
 */
gboolean
kith_vault_change (const char *path, KithSecret *current, KithSecret *passphrase, GError **error)
{
  g_autoptr (KithSecret) master = kith_vault_unlock (path, current, error);
  guint8 wrapped[KITH_KEY_WRAP_BYTES];
  int old;
  gboolean is_done;

  if (master == NULL)
    return FALSE;

  old = open_for_writing (path);
  is_done = kith_key_wrap_seal (wrapped, MAGIC, master, passphrase, error)
            && write_instead (path, wrapped, sizeof wrapped, error);
  if (is_done && old >= 0)
    forget_old (old, path);
  if (old >= 0)
    close (old);
  return is_done;
}

/**
 * kith_vault_look:
 * @path: a key file
 * @exists: (out): whether there is something of that name
 * @error: return location for a #GError: %KITH_ERROR_DISK, %KITH_ERROR_PERMISSION
 *
 * No vault is not the same as a vault that cannot be seen now.
 *
 * Returns: %FALSE when the disk does not say
 */
gboolean
kith_vault_look (const char *path, gboolean *exists, GError **error)
{
  struct stat there;

  *exists = lstat (path, &there) == 0;
  if (*exists || errno == ENOENT)
    return TRUE;

  set_disk_error (error, errno);
  return FALSE;
}

/**
 * kith_vault_peek:
 * @path: the key file
 * @has_passphrase: (out): whether it has one
 * @error: return location for a #GError: those of kith_key_wrap_peek() (%KITH_ERROR_DAMAGED also for a link),
 *   %KITH_ERROR_DISK (also when it is not there) and %KITH_ERROR_PERMISSION
 *
 * Returns: %FALSE when it cannot be read, or not by this version
 */
gboolean
kith_vault_peek (const char *path, gboolean *has_passphrase, GError **error)
{
  guint8 wrapped[KITH_KEY_WRAP_BYTES];
  gsize len;

  return read_file (path, wrapped, &len, error)
         && kith_key_wrap_peek (wrapped, len, MAGIC, has_passphrase, error);
}

/* Not every file system can refuse to replace, nor has every one links: then nothing can be in the way but
 * what came within the blink of an eye. Returns: whether it has the name; else errno says why */
static gboolean
give_name (const char *path, const char *name)
{
  struct stat there;

  if (renameat2 (AT_FDCWD, path, AT_FDCWD, name, RENAME_NOREPLACE) == 0)
    return TRUE;
  if (errno != EINVAL && errno != ENOSYS)
    return FALSE;

  if (lstat (name, &there) == 0)
    {
      errno = EEXIST;
      return FALSE;
    }
  return errno == ENOENT && g_rename (path, name) == 0;
}

/**
 * kith_vault_rename:
 * @path: a key file
 * @name: the name it gets; a vault that has it already is never replaced
 * @error: return location for a #GError: %KITH_ERROR_EXISTS (a vault has it), %KITH_ERROR_DISK (also when @path is not
 *   there), %KITH_ERROR_DISK_FULL, %KITH_ERROR_PERMISSION
 *
 * Returns: whether it has that name
 */
gboolean
kith_vault_rename (const char *path, const char *name, GError **error)
{
  if (!give_name (path, name))
    {
      set_disk_error (error, errno);
      return FALSE;
    }

  /* It is there: what the disk says of the folder changes nothing about that. Where a folder is not synced alone, its
   * file usually takes the name along: else a profile that is in use could be one that was being made, after a power
   * cut. */
  if (!kith_sync_file (name) || !kith_sync_folder_of (name))
    g_info ("The new name of the vault could not be synced");
  return TRUE;
}

/* One that may only be read is in our folder all the same. */
static int
open_any (const char *path)
{
  int fd = open_for_writing (path);
  int readable;

  if (fd >= 0 || errno != EACCES)
    return fd;

  readable = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
  if (readable < 0)
    return -1;

  if (fchmod (readable, 0600) == 0)
    fd = open_for_writing (path);
  close (readable);
  return fd;
}

/**
 * kith_vault_wipe:
 * @path: a key file; it may be gone already
 * @error: return location for a #GError: those of kith_store_set_errno_error()
 *
 * The file itself stays.
 *
 * Returns: whether what was in it is gone
 */
gboolean
kith_vault_wipe (const char *path, GError **error)
{
  int fd = open_any (path);
  /* What a link leads to is not ours. */
  gboolean is_done = fd >= 0 ? overwrite (fd) : errno == ENOENT || errno == ELOOP;
  int saved = errno;

  if (fd >= 0)
    close (fd);
  if (!is_done)
    kith_store_set_errno_error (error, saved);
  return is_done;
}

/**
 * kith_vault_destroy:
 * @path: a key file; it may be gone already
 * @is_wiped: (out): whether what was in it is gone; also when something is left in its place
 * @error: return location for a #GError: those of kith_store_set_errno_error()
 *
 * Returns: whether it is gone
 */
gboolean
kith_vault_destroy (const char *path, gboolean *is_wiped, GError **error)
{
  *is_wiped = kith_vault_wipe (path, error);
  if (!*is_wiped)
    return FALSE;

  if (g_unlink (path) == 0 || errno == ENOENT)
    return TRUE;

  kith_store_set_errno_error (error, errno);
  return FALSE;
}

/* Two names of one place, as a file system without a log may have them after a power cut in the middle of a rename:
 * what is written over under one name is under the other as well. */
static gboolean
has_same_bytes (const char *a, const char *b)
{
  g_autofree char *one = NULL;
  g_autofree char *other = NULL;
  gsize one_len, other_len;
  gboolean is_same = g_file_get_contents (a, &one, &one_len, NULL)
                     && g_file_get_contents (b, &other, &other_len, NULL) && one_len == other_len
                     && memcmp (one, other, one_len) == 0;

  if (one != NULL)
    kith_secret_wipe (one, one_len);
  if (other != NULL)
    kith_secret_wipe (other, other_len);
  return is_same;
}

/**
 * kith_vault_settle:
 * @path: a key file
 *
 * Ends a change of the passphrase that was interrupted, by a kill or a power cut: what was written beside the vault
 * has the same key in it, perhaps without a passphrase, and goes. Only where the vault itself cannot be read
 * any more, because it was overwritten although its new name was not on the disk yet, it takes its place. Blocks.
 */
void
kith_vault_settle (const char *path)
{
  g_autofree char *writing = g_strconcat (path, KITH_VAULT_WRITING, NULL);
  g_autoptr (GError) error = NULL;
  gboolean has_passphrase, is_wiped;

  if (kith_vault_peek (path, &has_passphrase, &error))
    {
      gboolean is_gone = has_same_bytes (path, writing) ? g_unlink (writing) == 0
                                                        : kith_vault_destroy (writing, &is_wiped, NULL);

      if (!is_gone)
        g_info ("What was left of a vault could not be destroyed");
    }
  else if (g_error_matches (error, KITH_ERROR, KITH_ERROR_DAMAGED)
           && kith_vault_peek (writing, &has_passphrase, NULL))
    {
      if (g_rename (writing, path) != 0 || !kith_sync_file (path) || !kith_sync_folder_of (path))
        g_info ("A vault could not be put in its place");
    }
}

/**
 * kith_vault_derive:
 * @master: the master key
 * @label: what for; at most 16 characters
 *
 * KDF (master, label) of protocol 1 without fields.
 *
 * Returns: (transfer full): a key, 32 bytes
 */
KithSecret *
kith_vault_derive (KithSecret *master, const char *label)
{
  guint8 personal[crypto_generichash_blake2b_PERSONALBYTES] = { 0 };
  guint8 key[KITH_KEY_WRAP_KEY_BYTES];
  KithSecret *secret;

  g_return_val_if_fail (strlen (label) <= sizeof personal, NULL);

  memcpy (personal, label, strlen (label));
  crypto_generichash_blake2b_salt_personal (key, sizeof key, NULL, 0, kith_secret_get_data (master),
                                            kith_secret_get_len (master), NULL, personal);
  secret = kith_secret_new_from (key, sizeof key);
  kith_secret_wipe (key, sizeof key);
  return secret;
}
