/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-memory.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MASK 0xa5
#define CHUNK_BYTES (1 << 20)
#define MAX_MAPPING_BYTES ((guint64) 1 << 30) /* what is bigger is the bookkeeping of a sanitizer */

/* What is read is turned into something else before it is compared, so that it is nowhere twice. */
static guint8 buffer[CHUNK_BYTES + TEST_NEEDLE_BYTES];

#if defined(__SANITIZE_ADDRESS__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif

/* What is freed stays as it was, so that nothing is gone because somebody else happened to get its place. A sanitizer
 * does that by itself, for a while. */
#ifndef HAS_SANITIZER
__attribute__ ((visibility ("default"))) void
free (void *memory)
{
}
#endif

static void
mask (guint8 *bytes, gsize len)
{
  for (gsize i = 0; i < len; i++)
    bytes[i] ^= MASK;
}

void
test_needle_init (TestNeedle *self, const char *what, const void *bytes, gsize len)
{
  g_assert_cmpuint (len, >=, 8);
  g_assert_cmpuint (len, <=, TEST_NEEDLE_BYTES);
  self->what = what;
  self->len = len;
  self->n_found = 0;
  for (gsize i = 0; i < len; i++)
    self->masked[i] = ((const guint8 *) bytes)[i] ^ MASK;
}

/* Those that begin in the first CHUNK_BYTES. */
static void
count (TestNeedle *needle, gsize len, guint64 address)
{
  const guint8 *at = buffer;
  gsize left = len;

  while ((at = memmem (at, left, needle->masked, needle->len)) != NULL)
    {
      if (at - buffer >= CHUNK_BYTES)
        return;

      needle->n_found++;
      g_test_message ("%s at %" G_GINT64_MODIFIER "x", needle->what, address + (guint64) (at - buffer));
      at++;
      left = len - (gsize) (at - buffer);
    }
}

static void
search_range (int fd, guint64 from, guint64 to, TestNeedle *needles, gsize n)
{
  for (guint64 at = from; at < to; at += CHUNK_BYTES)
    {
      gssize len = pread (fd, buffer, (gsize) MIN (to - at, sizeof buffer), (off_t) at);

      if (len <= 0)
        continue;

      mask (buffer, (gsize) len);
      for (gsize i = 0; i < n; i++)
        count (&needles[i], (gsize) len, at);
    }
}

/* A file that is mapped and cannot be written to is what is on the disk. */
static gboolean
is_searched (const char *permissions, const char *name)
{
  if (permissions[0] != 'r' || permissions[3] != 'p' || g_str_has_prefix (name, "[v"))
    return FALSE;

  return permissions[1] == 'w' || *name == '\0' || *name == '[';
}

static void
search_mapping (int fd, const char *line, TestNeedle *needles, gsize n)
{
  const guint64 own = (guint64) (guintptr) buffer;
  g_auto (GStrv) words = g_strsplit_set (line, " ", 6);
  guint64 from, to;
  char *end;

  if (g_strv_length (words) < 5)
    return;

  from = g_ascii_strtoull (words[0], &end, 16);
  to = g_ascii_strtoull (end + 1, NULL, 16);
  if (to - from > MAX_MAPPING_BYTES || !is_searched (words[1], words[5] != NULL ? g_strchug (words[5]) : ""))
    return;

  search_range (fd, from, MIN (to, MAX (own, from)), needles, n);
  if (own + sizeof buffer < to)
    search_range (fd, MAX (from, own + sizeof buffer), to, needles, n);
}

void
test_memory_search (TestNeedle *needles, gsize n)
{
  int fd = open ("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  g_autofree char *maps = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_cmpint (fd, >=, 0);
  for (gsize i = 0; i < n; i++)
    needles[i].n_found = 0;

  g_assert_true (g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL));
  lines = g_strsplit (maps, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    search_mapping (fd, lines[i], needles, n);
  close (fd);
}
