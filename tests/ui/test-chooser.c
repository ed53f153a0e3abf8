/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "base/kith-picture-header.h"
#include "kith-test-scene.h"
#include "ui/kith-chooser.h"

/* What files are chosen with: who hears of what, and what is left of it. */

typedef struct
{
  GtkWidget *window;
  GtkWidget *owner;
  GtkFileChooser *chooser; /* (owned) (nullable): somebody holds on to it */
  char *name;              /* (owned) (nullable): of what was chosen */
  guint n_chosen;
  guint n_gone;
} Stage;

static void
stage_init (Stage *stage)
{
  *stage = (Stage){ .owner = gtk_label_new ("") };
  stage->window = scene_make_window (stage->owner);
  gtk_window_present (GTK_WINDOW (stage->window));
}

static void
stage_clear (Stage *stage)
{
  if (stage->window != NULL)
    gtk_window_destroy (GTK_WINDOW (stage->window));
  g_clear_object (&stage->chooser);
  g_free (stage->name);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Stage, stage_clear)

static void
chosen_cb (gpointer owner, GFile *file, gpointer user_data)
{
  Stage *stage = user_data;

  g_assert_true (owner == stage->owner);
  stage->n_chosen++;
  g_free (stage->name);
  stage->name = g_file_get_basename (file);
}

static void
gone_cb (gpointer user_data)
{
  ((Stage *) user_data)->n_gone++;
}

static GtkFileChooser *
find_open (Stage *stage)
{
  return g_object_get_data (G_OBJECT (stage->owner), "kith-chooser");
}

static void
save (Stage *stage, const char *name)
{
  kith_chooser_save (stage->owner, "Save", name, chosen_cb, stage, gone_cb);
  g_set_object (&stage->chooser, find_open (stage));
}

static gboolean
has_file (GtkFileChooser *chooser)
{
  g_autoptr (GListModel) files = gtk_file_chooser_get_files (chooser);

  return g_list_model_get_n_items (files) > 0;
}

static void
respond (Stage *stage, int response)
{
  wait_for (has_file (stage->chooser));
  g_signal_emit_by_name (stage->chooser, "response", response);
}

/* --- What is chosen ------------------------------------------------------------------------- */

static void
test_save (void)
{
  g_auto (Stage) stage;

  stage_init (&stage);
  save (&stage, "notes.txt");
  g_assert_true (gtk_native_dialog_get_visible (GTK_NATIVE_DIALOG (stage.chooser)));
  g_assert_true (gtk_native_dialog_get_modal (GTK_NATIVE_DIALOG (stage.chooser)));
  g_assert_true (gtk_native_dialog_get_transient_for (GTK_NATIVE_DIALOG (stage.chooser))
                 == GTK_WINDOW (stage.window));
  respond (&stage, GTK_RESPONSE_ACCEPT);
  g_assert_cmpuint (stage.n_chosen, ==, 1);
  g_assert_cmpstr (stage.name, ==, "notes.txt");
  g_assert_null (find_open (&stage));

  g_clear_object (&stage.chooser);
  g_assert_cmpuint (stage.n_gone, ==, 1);
}

static void
test_cancel (void)
{
  g_auto (Stage) stage;

  stage_init (&stage);
  save (&stage, "notes.txt");
  respond (&stage, GTK_RESPONSE_CANCEL);
  g_clear_object (&stage.chooser);
  g_assert_cmpuint (stage.n_chosen, ==, 0);
  g_assert_cmpuint (stage.n_gone, ==, 1);
  g_assert_null (find_open (&stage));
}

/* Who chooses a picture sees all those that can be shown, and is not led to anything else. */
static void
test_pictures (void)
{
  g_auto (Stage) stage;
  g_autoptr (GListModel) filters = NULL;
  g_autoptr (GtkFileFilter) filter = NULL;
  g_autofree char *words = NULL;

  stage_init (&stage);
  kith_chooser_open (stage.owner, KITH_CHOOSER_PICTURE, "Open", "_Open", chosen_cb, &stage, NULL);
  filters = gtk_file_chooser_get_filters (find_open (&stage));
  g_assert_cmpuint (g_list_model_get_n_items (filters), ==, 1);
  filter = g_list_model_get_item (filters, 0);
  words = g_variant_print (gtk_file_filter_to_gvariant (filter), FALSE);
  for (int format = KITH_PICTURE_OTHER + 1; format <= KITH_PICTURE_GIF; format++)
    g_assert_nonnull (strstr (words, kith_picture_format_get_type ((KithPictureFormat) format)));
}

/* --- What is left --------------------------------------------------------------------------- */

/* There is one at a time: nobody is told what is chosen in the one before. */
static void
test_again (void)
{
  g_auto (Stage) stage;
  g_autoptr (GtkFileChooserNative) first = NULL;

  stage_init (&stage);
  save (&stage, "first.txt");
  first = g_object_ref (GTK_FILE_CHOOSER_NATIVE (stage.chooser));
  save (&stage, "second.txt");
  g_assert_true (GTK_FILE_CHOOSER (first) != stage.chooser);
  g_assert_cmpuint (stage.n_gone, ==, 1);
  g_assert_false (gtk_native_dialog_get_visible (GTK_NATIVE_DIALOG (first)));
  g_signal_emit_by_name (first, "response", GTK_RESPONSE_ACCEPT);
  g_assert_cmpuint (stage.n_chosen, ==, 0);
  respond (&stage, GTK_RESPONSE_ACCEPT);
  g_assert_cmpstr (stage.name, ==, "second.txt");
}

/* It has names in it: it does not stay when its window goes, whoever holds on to it. */
static void
test_gone (void)
{
  g_auto (Stage) stage;

  stage_init (&stage);
  save (&stage, "notes.txt");
  gtk_window_destroy (GTK_WINDOW (g_steal_pointer (&stage.window)));
  g_assert_cmpuint (stage.n_gone, ==, 1);
  g_assert_false (gtk_native_dialog_get_visible (GTK_NATIVE_DIALOG (stage.chooser)));
  g_signal_emit_by_name (stage.chooser, "response", GTK_RESPONSE_ACCEPT);
  g_assert_cmpuint (stage.n_chosen, ==, 0);
}

static void
test_close (void)
{
  g_auto (Stage) stage;

  stage_init (&stage);
  kith_chooser_close (stage.owner);
  save (&stage, "notes.txt");
  kith_chooser_close (stage.owner);
  g_assert_null (find_open (&stage));
  g_assert_cmpuint (stage.n_gone, ==, 1);
  g_assert_false (gtk_native_dialog_get_visible (GTK_NATIVE_DIALOG (stage.chooser)));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/chooser/save", test_save);
  g_test_add_func ("/chooser/cancel", test_cancel);
  g_test_add_func ("/chooser/pictures", test_pictures);
  g_test_add_func ("/chooser/again", test_again);
  g_test_add_func ("/chooser/gone", test_gone);
  g_test_add_func ("/chooser/close", test_close);

  return g_test_run ();
}
