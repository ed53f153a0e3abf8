/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PROGRAM FOLDER: gives each file of the corpus to the target, and then what chance makes of them:
 * quickly in a normal run (of a slow target not all the cuts), for KITH_FUZZ_S seconds (half an hour unless said) with KITH_TEST_LONG=1. The
 * seed of GLib's tests makes a run again what it was. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include "kith-fuzz.h"

#include <string.h>

#define QUICK_ROUNDS 2000
#define QUICK_S 15 /* that the cuts take at most, and so does chance */
#define MOST_CUTS 512
#define LONG_S 1800
#define MAX_BYTES (70 * 1024)
#define MAX_CHANGES 8

static GPtrArray *corpus; /* (owned) GBytes */
static const char *folder;

static void
load (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  corpus = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      char *data;
      gsize len;

      g_assert_true (g_file_get_contents (path, &data, &len, NULL));
      g_ptr_array_add (corpus, g_bytes_new_take (data, len));
    }
  g_assert_cmpuint (corpus->len, >, 0);
}

/* A copy of its own size: to read behind the end is seen by the sanitizers. */
static void
give (const guint8 *data, gsize len)
{
  g_autofree guint8 *copy = g_malloc (MAX (len, 1));

  if (len > 0)
    memcpy (copy, data, len);
  LLVMFuzzerTestOneInput (copy, len);
}

static gboolean
is_long (void)
{
  return g_strcmp0 (g_getenv ("KITH_TEST_LONG"), "1") == 0;
}

static void
test_corpus (void)
{
  for (guint i = 0; i < corpus->len; i++)
    {
      gsize len;
      const guint8 *data = g_bytes_get_data (g_ptr_array_index (corpus, i), &len);

      give (data, len);
    }
}

/* Each file as far as it goes, all of them by one byte more a round. */
static void
test_cuts (void)
{
  gint64 end_us = g_get_monotonic_time () + QUICK_S * G_USEC_PER_SEC;

  for (gsize cut = 0; cut < MOST_CUTS; cut++)
    for (guint i = 0; i < corpus->len; i++)
      {
        gsize len;
        const guint8 *data = g_bytes_get_data (g_ptr_array_index (corpus, i), &len);

        if (!is_long () && g_get_monotonic_time () > end_us)
          return;
        if (cut < len)
          give (data, cut);
      }
}

static guint
up_to (GRand *rand, gsize max)
{
  return (guint) g_rand_int_range (rand, 0, (gint32) MAX (max, 1));
}

static GBytes *
pick (GRand *rand)
{
  return g_ptr_array_index (corpus, up_to (rand, corpus->len));
}

static void
change (GRand *rand, GByteArray *input)
{
  static const guint8 edges[] = { 0, 1, 0x7f, 0x80, 0xff };
  gsize len;
  const guint8 *other = g_bytes_get_data (pick (rand), &len);
  guint at = up_to (rand, input->len);
  guint n;

  switch (up_to (rand, 6))
    {
    case 0:
      if (input->len > 0)
        input->data[at] ^= (guint8) (1u << up_to (rand, 8));
      break;
    case 1:
      if (input->len > 0)
        input->data[at] = edges[up_to (rand, G_N_ELEMENTS (edges))];
      break;
    case 2:
      g_byte_array_set_size (input, at);
      break;
    case 3:
      n = up_to (rand, MIN (16, input->len - at + 1));
      if (n > 0)
        g_byte_array_remove_range (input, at, n);
      break;
    case 4:
      n = up_to (rand, len);
      if (input->len + n <= MAX_BYTES && n > 0)
        g_byte_array_append (input, other + up_to (rand, len - n), n);
      break;
    default:
      n = up_to (rand, MIN (len, input->len - at + 1));
      if (n > 0)
        memcpy (input->data + at, other, n);
      break;
    }
}

/* As the target itself does it, for the most part. */
static void
change_well (GRand *rand, GByteArray *input)
{
  gsize len = input->len;

  g_byte_array_set_size (input, MAX_BYTES);
  len = LLVMFuzzerCustomMutator (input->data, len, MAX_BYTES, g_rand_int (rand));
  g_byte_array_set_size (input, (guint) len);
}

static void
test_chance (void)
{
  const char *given = g_getenv ("KITH_FUZZ_S");
  gint64 long_s = given != NULL ? g_ascii_strtoll (given, NULL, 10) : LONG_S;
  gint64 end_us = g_get_monotonic_time () + (is_long () ? long_s : QUICK_S) * G_USEC_PER_SEC;
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  guint64 round = 0;

  for (; (is_long () || round < QUICK_ROUNDS) && g_get_monotonic_time () < end_us; round++)
    {
      g_autoptr (GByteArray) input = g_byte_array_new ();
      gsize len;
      const guint8 *data = g_bytes_get_data (pick (rand), &len);

      g_byte_array_append (input, data, (guint) len);
      if (LLVMFuzzerCustomMutator != NULL && input->len <= MAX_BYTES && up_to (rand, MAX_CHANGES) > 0)
        change_well (rand, input);
      else
        for (guint i = up_to (rand, MAX_CHANGES); i < MAX_CHANGES; i++)
          change (rand, input);
      give (input->data, input->len);
    }
  g_test_message ("%" G_GUINT64_FORMAT " inputs", round);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0 || argc != 2)
    return 1;

  folder = argv[1];
  load ();
  g_test_add_func ("/fuzz/corpus", test_corpus);
  g_test_add_func ("/fuzz/cuts", test_cuts);
  g_test_add_func ("/fuzz/chance", test_chance);
  status = g_test_run ();
  g_ptr_array_unref (corpus);
  return status;
}
