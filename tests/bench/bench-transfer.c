/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file from disk to disk between two nodes that share a main loop: for how long it keeps others waiting. How fast
 * files go is measured between two processes, by bench_files.py. KITH_BENCH_MIB says how large it is. */
#define G_LOG_DOMAIN "kith-bench"

#include "config.h"

#include <sodium.h>

#include "../node/kith-test-files.h"
#include "kith-bench-figure.h"
#include "kith-bench-loop.h"

#define MIB (1024 * 1024)

int
main (int argc, char **argv)
{
  gsize n_bytes = (gsize) kith_bench_number ("KITH_BENCH_MIB", 256) * MIB;
  g_autoptr (TestFiles) files = NULL;
  g_autoptr (KithTransfer) sent = NULL;
  g_autoptr (KithTransfer) offered = NULL;
  g_autofree char *path = NULL;
  KithBenchLoop loop;

  g_assert_cmpint (sodium_init (), >=, 0);
  files = test_files_new ();
  path = test_files_make (files, "large", n_bytes);
  kith_bench_loop_init (&loop);
  kith_bench_loop_watch (&loop);
  sent = test_files_send (files, path);
  offered = test_files_offered (files, sent);
  g_assert_true (kith_node_accept_file (files->bob->node, offered, NULL, NULL));
  while (kith_transfer_get_state (offered) != KITH_TRANSFER_DONE)
    {
      g_assert_cmpint (kith_transfer_get_state (offered), !=, KITH_TRANSFER_FAILED);
      g_main_context_iteration (NULL, TRUE);
    }
  kith_bench_loop_rest (&loop);
  kith_bench_loop_tell (&loop, "a file");
  return 0;
}
