/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-same-file.h"

/**
 * kith_same_file:
 * @a: what the system says of a file or folder
 * @b: of another
 *
 * Any thread.
 *
 * Returns: whether both are one, by whatever names they were found. What was removed and made anew may get the number
 *   that the former had: whoever holds on to a file has to have it open for that to mean something
 */
gboolean
kith_same_file (const struct stat *a, const struct stat *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}
