/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaded into Kith before its libraries: a Flatpak, for those who look whether they are in one, and the document
 * portal, which there stands between a program and the files that its user chooses. No FUSE and no privileges needed.
 *
 * KITH_TEST_FLATPAK    what is read as /.flatpak-info
 * KITH_TEST_DOCUMENTS  the folder of the document portal. In it each file that was granted has a folder of its own; other
 *                      names there are for temporary files. As in xdg-desktop-portal's document-portal-fuse.c nothing
 *                      can be linked, made without a name, or moved in or out, and no folder can be made in it; a
 *                      folder that was granted is as free inside as any. That one cannot ask not to replace a file
 *                      when one is renamed is so in older ones, in such a folder as well. */
#define _GNU_SOURCE 1
#undef _FILE_OFFSET_BITS /* open() is to be open(), and open64() another one */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INFO "/.flatpak-info"
#define PUBLIC __attribute__ ((visibility ("default")))

static int
fail (int number)
{
  errno = number;
  return -1;
}

/* What is opened for a path. */
static const char *
translate (const char *path)
{
  const char *info = getenv ("KITH_TEST_FLATPAK");

  return info != NULL && strcmp (path, INFO) == 0 ? info : path;
}

/* The way to a path that is told from an open folder. */
static const char *
resolve (int folder, const char *path, char *buffer, size_t size)
{
  char link[64];
  ssize_t len;

  if (*path == '/' || folder == AT_FDCWD)
    return path;

  snprintf (link, sizeof link, "/proc/self/fd/%d", folder);
  len = readlink (link, buffer, size - 1);
  if (len < 0)
    return path;

  snprintf (buffer + len, size - (size_t) len, "/%s", path);
  return buffer;
}

/* (nullable): what of it stands behind the folder of the documents: "ID", "ID/name" */
static const char *
in_documents (int folder, const char *path, char *buffer, size_t size)
{
  const char *documents = getenv ("KITH_TEST_DOCUMENTS");
  const char *whole = resolve (folder, path, buffer, size);
  size_t len = documents != NULL ? strlen (documents) : 0;

  return len > 0 && strncmp (whole, documents, len) == 0 && whole[len] == '/' ? whole + len + 1 : NULL;
}

/* Whether it is the folder of a document, or in there; not inside of a folder that was granted. */
static int
is_granted (int folder, const char *path)
{
  char buffer[PATH_MAX * 2];
  const char *document = in_documents (folder, path, buffer, sizeof buffer);
  const char *slash = document != NULL ? strchr (document, '/') : NULL;

  return document != NULL && (slash == NULL || strchr (slash + 1, '/') == NULL);
}

/* Whether both are in the folder of the same document, or in none. */
static int
is_same_document (int old_folder, const char *old_path, int new_folder, const char *new_path)
{
  char old_buffer[PATH_MAX * 2], new_buffer[PATH_MAX * 2];
  const char *a = in_documents (old_folder, old_path, old_buffer, sizeof old_buffer);
  const char *b = in_documents (new_folder, new_path, new_buffer, sizeof new_buffer);
  size_t len = a != NULL ? strcspn (a, "/") : 0;

  if (a == NULL || b == NULL)
    return a == b;

  return len == strcspn (b, "/") && strncmp (a, b, len) == 0;
}

static int
makes_file (int flags)
{
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
}

/* Errno, or 0. Nothing but what was granted gets into the folder of the documents itself. */
static int
check_open (int folder, const char *path, int flags)
{
  char buffer[PATH_MAX * 2];
  const char *document = in_documents (folder, path, buffer, sizeof buffer);

  if (document == NULL)
    return 0;
  if ((flags & O_TMPFILE) == O_TMPFILE)
    return EOPNOTSUPP;

  return makes_file (flags) && strchr (document, '/') == NULL ? EPERM : 0;
}

#define OPEN(name)                                                     \
  PUBLIC int                                                           \
  name (const char *path, int flags, ...)                              \
  {                                                                    \
    int (*next) (const char *, int, ...);                              \
    int number = check_open (AT_FDCWD, path, flags);                   \
    va_list rest;                                                      \
    mode_t mode;                                                       \
                                                                       \
    va_start (rest, flags);                                            \
    mode = makes_file (flags) ? va_arg (rest, mode_t) : 0;              \
    va_end (rest);                                                     \
    if (number != 0)                                                   \
      return fail (number);                                            \
                                                                       \
    *(void **) &next = dlsym (RTLD_NEXT, #name);                       \
    return next (translate (path), flags, mode);                       \
  }

#define OPENAT(name)                                                   \
  PUBLIC int                                                           \
  name (int folder, const char *path, int flags, ...)                  \
  {                                                                    \
    int (*next) (int, const char *, int, ...);                         \
    int number = check_open (folder, path, flags);                     \
    va_list rest;                                                      \
    mode_t mode;                                                       \
                                                                       \
    va_start (rest, flags);                                            \
    mode = makes_file (flags) ? va_arg (rest, mode_t) : 0;              \
    va_end (rest);                                                     \
    if (number != 0)                                                   \
      return fail (number);                                            \
                                                                       \
    *(void **) &next = dlsym (RTLD_NEXT, #name);                       \
    return next (folder, path, flags, mode);                           \
  }

OPEN (open)
OPEN (open64)
OPENAT (openat)
OPENAT (openat64)

PUBLIC int
access (const char *path, int mode)
{
  int (*next) (const char *, int);

  *(void **) &next = dlsym (RTLD_NEXT, "access");
  return next (translate (path), mode);
}

PUBLIC int
linkat (int old_folder, const char *old_path, int new_folder, const char *new_path, int flags)
{
  int (*next) (int, const char *, int, const char *, int);

  if (is_granted (new_folder, new_path) || is_granted (old_folder, old_path))
    return fail (EPERM);

  *(void **) &next = dlsym (RTLD_NEXT, "linkat");
  return next (old_folder, old_path, new_folder, new_path, flags);
}

PUBLIC int
link (const char *old_path, const char *new_path)
{
  return linkat (AT_FDCWD, old_path, AT_FDCWD, new_path, 0);
}

PUBLIC int
renameat2 (int old_folder, const char *old_path, int new_folder, const char *new_path, unsigned flags)
{
  int (*next) (int, const char *, int, const char *, unsigned);
  char buffer[PATH_MAX * 2];

  if (!is_same_document (old_folder, old_path, new_folder, new_path))
    return fail (EXDEV);
  if (flags != 0 && in_documents (new_folder, new_path, buffer, sizeof buffer) != NULL)
    return fail (EINVAL);

  *(void **) &next = dlsym (RTLD_NEXT, "renameat2");
  return next (old_folder, old_path, new_folder, new_path, flags);
}

PUBLIC int
renameat (int old_folder, const char *old_path, int new_folder, const char *new_path)
{
  return renameat2 (old_folder, old_path, new_folder, new_path, 0);
}

PUBLIC int
rename (const char *old_path, const char *new_path)
{
  return renameat2 (AT_FDCWD, old_path, AT_FDCWD, new_path, 0);
}

PUBLIC int
mkdirat (int folder, const char *path, mode_t mode)
{
  int (*next) (int, const char *, mode_t);

  if (is_granted (folder, path))
    return fail (EPERM);

  *(void **) &next = dlsym (RTLD_NEXT, "mkdirat");
  return next (folder, path, mode);
}

PUBLIC int
mkdir (const char *path, mode_t mode)
{
  return mkdirat (AT_FDCWD, path, mode);
}
