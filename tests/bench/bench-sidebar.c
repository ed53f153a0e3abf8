/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long the sidebar keeps the window busy with many conversations: when it is shown, searched, and when
 * messages come. The people stand in the model alone.
 *
 * environment: KITH_BENCH_CONTACTS (1000) */
#include "config.h"

#include <stdlib.h>

#include "base/kith-init.h"
#include "kith-bench-figure.h"
#include "node/kith-node-private.h"
#include "ui/kith-sidebar.h"

#define LIMIT_MS 1000.0
#define FRAME_MS 16.0
#define N_MESSAGES 100
#define N_FRAMES 3
#define PAUSE_MS 400 /* the entry waits until the user pauses */

typedef struct
{
  KithNode *node;
  KithSidebar *sidebar;
  GtkWidget *window;
  guint n_frames;
  gboolean is_ready;
} Bench;

static double
now_ms (void)
{
  return kith_bench_thread_us () / 1000;
}

/* --- People --------------------------------------------------------------------------------- */

static void
add_person (Bench *bench, guint i)
{
  guint8 identity[KITH_IDENTITY_BYTES] = { 1, (guint8) i, (guint8) (i >> 8) };
  guint8 id[KITH_MESSAGE_ID_BYTES] = { 1, (guint8) i, (guint8) (i >> 8) };
  g_autofree char *id_text = g_strdup_printf ("kith-%04u-1234-5678", i);
  g_autofree char *name = g_strdup_printf ("Friend %u", i + 1);
  g_autoptr (KithContact) contact = kith_contact_new (identity, id_text);
  g_autoptr (KithConversation) conversation = kith_conversation_new (contact);
  g_autoptr (KithMessage) message
      = kith_message_new (id, contact, i + 1, g_get_real_time () / 1000, "How are you *today*?");

  kith_contact_set_name (contact, name);
  kith_contact_set_relation (contact, KITH_RELATION_MUTUAL);
  kith_conversation_add (conversation, message, FALSE);
  g_list_store_append (bench->node->contacts, contact);
  g_list_store_append (bench->node->conversations, conversation);
}

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Bench *bench = user_data;

  if (!kith_node_create_profile_finish (bench->node, result, NULL))
    exit (EXIT_FAILURE);
  bench->is_ready = TRUE;
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Bench *bench = user_data;

  if (!kith_node_open_finish (bench->node, result, NULL))
    exit (EXIT_FAILURE);
  kith_node_create_profile_async (bench->node, "Ann", NULL, created_cb, bench);
}

/* --- Frames --------------------------------------------------------------------------------- */

static gboolean
frame_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  Bench *bench = user_data;

  gtk_widget_queue_draw (widget);

  return ++bench->n_frames < N_FRAMES;
}

/* Until all that is to be seen has been drawn. */
static void
draw (Bench *bench)
{
  bench->n_frames = 0;
  gtk_widget_add_tick_callback (bench->window, frame_cb, bench, NULL);
  while (bench->n_frames < N_FRAMES)
    g_main_context_iteration (NULL, TRUE);
}

static GtkWidget *
find_entry (GtkWidget *widget)
{
  if (GTK_IS_SEARCH_ENTRY (widget))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_entry (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static double
finish (Bench *bench, double start_ms)
{
  draw (bench);
  return now_ms () - start_ms;
}

static gboolean
passed_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

static void
search (Bench *bench, const char *text)
{
  gboolean has_passed = FALSE;

  kith_sidebar_search (bench->sidebar);
  gtk_editable_set_text (GTK_EDITABLE (find_entry (GTK_WIDGET (bench->sidebar))), text);
  g_timeout_add (PAUSE_MS, passed_cb, &has_passed);
  while (!has_passed)
    g_main_context_iteration (NULL, TRUE);
}

/* Each of them comes from another friend, whose conversation goes to the top. */
static void
bring_messages (Bench *bench)
{
  GListStore *conversations = G_LIST_STORE (bench->node->conversations);

  for (guint i = 0; i < N_MESSAGES; i++)
    {
      guint last = g_list_model_get_n_items (G_LIST_MODEL (conversations)) - 1;
      g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (conversations), last);

      g_list_store_remove (conversations, last);
      g_list_store_insert (conversations, 0, item);
      draw (bench);
    }
}

static void
measure (Bench *bench, guint n)
{
  g_autofree char *what = g_strdup_printf ("The list of %u conversations", n);
  double start_ms = now_ms ();
  double shown_ms, found_ms, all_ms, moved_ms;

  kith_sidebar_set_node (bench->sidebar, bench->node);
  shown_ms = finish (bench, start_ms);
  start_ms = now_ms ();
  search (bench, "friend 1");
  found_ms = finish (bench, start_ms);
  start_ms = now_ms ();
  search (bench, "");
  all_ms = finish (bench, start_ms);
  start_ms = now_ms ();
  bring_messages (bench);
  moved_ms = (now_ms () - start_ms) / N_MESSAGES;

  kith_bench_tell (what, "ms", (KithBenchBar[]){
    { "Kith, to show them", shown_ms }, { "Kith, to search them", found_ms }, { "Kith, to show all again", all_ms },
    { "Kith, one that goes to the top", moved_ms }, { NULL, 0 } });
  kith_bench_tell_goal ("the list of conversations, whatever is done with it, ms",
                        MAX (shown_ms, MAX (found_ms, all_ms)), TRUE, LIMIT_MS);
  kith_bench_tell_goal ("a conversation that goes to the top of the list, ms", moved_ms, TRUE, FRAME_MS);
}

int
main (void)
{
  guint n = kith_bench_number ("KITH_BENCH_CONTACTS", 1000);
  Bench bench = { 0 };

  if (!kith_init ())
    return EXIT_FAILURE;

  adw_init ();
  bench.node = kith_node_new_in_memory ();
  kith_node_open_async (bench.node, NULL, opened_cb, &bench);
  while (!bench.is_ready)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < n; i++)
    add_person (&bench, i);

  bench.window = gtk_window_new ();
  bench.sidebar = g_object_new (KITH_TYPE_SIDEBAR, NULL);
  gtk_window_set_child (GTK_WINDOW (bench.window), GTK_WIDGET (bench.sidebar));
  gtk_window_set_default_size (GTK_WINDOW (bench.window), 320, 640);
  gtk_window_present (GTK_WINDOW (bench.window));
  draw (&bench);
  measure (&bench, n);
  gtk_window_destroy (GTK_WINDOW (bench.window));
  g_object_unref (bench.node);

  return EXIT_SUCCESS;
}
