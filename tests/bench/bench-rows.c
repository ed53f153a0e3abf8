/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long one message keeps the window from drawing, whatever is in it: never longer than a frame. */
#include "config.h"

#include <string.h>

#include <adwaita.h>

#include "base/kith-limits.h"
#include "kith-bench-figure.h"
#include "ui/kith-bubble.h"

#define FRAME_MS 16.0
#define WIDTH_PX 500
#define N_ROUNDS 5

static double
now_ms (void)
{
  return kith_bench_thread_us () / 1000;
}

static KithMessage *
make_message (const char *unit, gsize n_bytes)
{
  guint8 id[KITH_MESSAGE_ID_BYTES] = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  while (text->len + strlen (unit) <= n_bytes)
    g_string_append (text, unit);

  return kith_message_new (id, NULL, 1, 1, text->str);
}

/* What a list view does with a row that comes into view. */
static double
measure (KithMessage *message)
{
  GtkWidget *bubble = g_object_ref_sink (g_object_new (KITH_TYPE_BUBBLE, NULL));
  double start_ms = now_ms (), ms;
  int minimum, natural, height;

  kith_bubble_set_message (KITH_BUBBLE (bubble), message, NULL);
  gtk_widget_measure (bubble, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  natural = MAX (minimum, MIN (natural, WIDTH_PX));
  gtk_widget_measure (bubble, GTK_ORIENTATION_VERTICAL, natural, NULL, &height, NULL, NULL);
  gtk_widget_size_allocate (bubble, &(GtkAllocation){ 0, 0, natural, height }, -1);
  ms = now_ms () - start_ms;
  g_object_unref (bubble);

  return ms;
}

int
main (void)
{
  static const char *const units[] = {
    "hello you there, ", "a", "aB3\u00e4_", "\u6f22\u5b57", "\U0001f600", "a\n", "\u0633\u0644\u0627\u0645",
    "*a* ", "`a` ", "a\u0301\u0302\u0303", "https://example.org/ ", "\n",
  };
  static const gsize sizes[] = { 190, 400, 1200, 4000, 8192, KITH_LIMIT_MESSAGE_TEXT_BYTES };
  double worst_ms = 0;

  adw_init ();
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    for (guint j = 0; j < G_N_ELEMENTS (sizes); j++)
      {
        g_autoptr (KithMessage) message = make_message (units[i], sizes[j]);
        g_autofree char *words = g_strescape (units[i], NULL);
        double best_ms = measure (message);

        for (guint round = 1; round < N_ROUNDS; round++)
          best_ms = MIN (best_ms, measure (message));
        g_print ("# %5zu bytes of \"%s\": %.1f ms\n", sizes[j], words, best_ms);
        worst_ms = MAX (worst_ms, best_ms);
      }

  kith_bench_tell_goal ("the longest row of a message, ms", worst_ms, TRUE, FRAME_MS);

  return worst_ms <= FRAME_MS ? 0 : 1;
}
