/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-bench"

#include "config.h"

#include "kith-bench-search.h"

#include "store/kith-store.h"

#define HITS 50

static void
note_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **noted = user_data;

  *noted = g_object_ref (result);
}

static GAsyncResult *
await (GAsyncResult **noted)
{
  while (*noted == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *noted;
}

/* As it is typed: what is in quotes is whole words. (transfer full) */
static char *
new_text (GRand *rand, GPtrArray *texts, KithBenchQuery kind)
{
  g_autofree char *words = kith_bench_query (rand, texts, kind);

  return g_strdup_printf (kind == KITH_BENCH_BEGINNING ? "%s" : "\"%s\"", words);
}

static void
search_once (KithStore *store, const char *text)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) hits = NULL;
  g_autoptr (GError) error = NULL;

  kith_store_search_async (store, text, NULL, NULL, HITS, NULL, note_cb, &result);
  hits = kith_store_search_finish (store, await (&result), &error);
  if (hits == NULL)
    g_error ("Searching: %s", error->message);
}

void
kith_bench_search_store (const char *path, KithSecret *key, GPtrArray *texts, KithBenchQuery kind, guint n,
                         GArray *samples_us)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KithStore) store = kith_store_open (path, key, &error);
  g_autoptr (GRand) rand = g_rand_new_with_seed (13);
  g_autoptr (GAsyncResult) closed = NULL;

  if (store == NULL)
    g_error ("Opening: %s", error->message);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = new_text (rand, texts, kind);
      gint64 began_us = g_get_monotonic_time ();
      gint64 took_us;

      search_once (store, text);
      took_us = g_get_monotonic_time () - began_us;
      g_array_append_val (samples_us, took_us);
    }

  kith_store_close_async (store, note_cb, &closed);
  kith_store_close_finish (store, await (&closed), NULL);
}
