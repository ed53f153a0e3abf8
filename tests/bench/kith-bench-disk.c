/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kith-bench-disk.h"

#include <sodium.h>

KithStore *
kith_bench_open_store (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  guint8 bytes[32];
  g_autoptr (KithSecret) key = NULL;
  g_autoptr (GError) error = NULL;
  KithStore *store;

  randombytes_buf (bytes, sizeof bytes);
  key = kith_secret_new_from (bytes, sizeof bytes);
  store = kith_store_open (path, key, &error);
  if (store == NULL)
    g_error ("%s", error->message);
  return store;
}
