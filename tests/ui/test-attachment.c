/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture and a card in the bubble of a message. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <glib/gstdio.h>

#include "base/kith-init.h"
#include "kith-test-town.h"
#include "ui/kith-attachment.h"
#include "ui/kith-file-card.h"
#include "ui/kith-picture-area.h"
#include "ui/kith-picture-loader.h"
#include "ui/kith-window-private.h"

static KithApplication *application;

/* Has the loader keep a picture as that of @transfer, which no node knows: a relative path that is called like it. */
static void
keep_picture (KithTransfer *transfer, int scale)
{
  g_autofree char *source = g_test_build_filename (G_TEST_DIST, "picture", "data", "two.png", NULL);
  g_autofree char *folder = g_dir_make_tmp ("kith-attachment-XXXXXX", NULL);
  g_autofree char *before = g_get_current_dir ();
  KithPictureLoader *loader = kith_picture_loader_get_default ();
  KithPictureSource wanted = { .path = (char *) kith_transfer_get_id (transfer) };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (KithPicture) picture = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  gsize len;

  g_assert_true (g_file_get_contents (source, &content, &len, NULL));
  g_assert_no_errno (g_chdir (folder));
  g_assert_true (g_file_set_contents (wanted.path, content, (gssize) len, NULL));
  kith_picture_loader_load_async (loader, &wanted, KITH_PICTURE_AREA_PIXELS * (guint) scale, 1, NULL, test_result_cb,
                                  &result);
  wait_for (result != NULL);
  picture = kith_picture_loader_load_finish (loader, result, &error);
  g_assert_no_error (error);
  g_assert_no_errno (g_unlink (wanted.path));
  g_assert_no_errno (g_chdir (before));
  g_assert_no_errno (g_rmdir (folder));
}

/* Without a picture there is a card and no empty place, until the picture has come after all. */
static void
test_lost (void)
{
  const guint8 id[KITH_MESSAGE_ID_BYTES] = { 1 };
  const KithMedia media = { .type = (char *) "image/png", .width = 640, .height = 480 };
  Town town;
  KithWindow *window;
  g_autoptr (KithTransfer) transfer = NULL;
  GtkWidget *attachment = kith_attachment_new ();
  GtkWidget *card = scene_find (attachment, KITH_TYPE_FILE_CARD, NULL);
  GtkWidget *area = scene_find (attachment, KITH_TYPE_PICTURE_AREA, NULL);

  town_init (&town);
  window = town_make_window (&town, application);
  transfer = kith_transfer_new (id, town.talk, FALSE, "a.png", 7, &media);
  kith_transfer_set_state (transfer, KITH_TRANSFER_DONE);
  kith_transfer_set_path (transfer, "/nowhere/a.png");
  kith_attachment_set_transfer (KITH_ATTACHMENT (attachment), transfer);
  gtk_stack_add_child (window->stack, attachment);
  gtk_stack_set_visible_child (window->stack, attachment);
  gtk_window_present (GTK_WINDOW (window));
  wait_for (gtk_widget_get_mapped (card));
  g_assert_false (gtk_widget_get_mapped (area));

  keep_picture (transfer, gtk_widget_get_scale_factor (attachment));
  kith_transfer_set_path (transfer, "/nowhere/b.png");
  wait_for (gtk_widget_get_mapped (area));
  g_assert_false (gtk_widget_get_mapped (card));
  g_assert_true (kith_picture_area_has_picture (KITH_PICTURE_AREA (area)));

  kith_window_set_node (window, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
  town_clear (&town);
}

/* @direction: of the language */
static void
check_name (GtkTextDirection direction)
{
  const guint8 id[KITH_MESSAGE_ID_BYTES] = { 1 };
  g_autoptr (KithTransfer) transfer = kith_transfer_new (id, NULL, FALSE, "May.pdf", 7, NULL);
  gboolean is_right_to_left = direction == GTK_TEXT_DIR_RTL;
  GtkWidget *card, *window, *stem, *extension, *state;
  graphene_rect_t stem_area, extension_area, state_area;

  gtk_widget_set_default_direction (direction);
  card = g_object_new (KITH_TYPE_FILE_CARD, NULL);
  kith_file_card_set_transfer (KITH_FILE_CARD (card), transfer);
  window = scene_make_window (card);
  stem = GTK_WIDGET (gtk_widget_get_template_child (card, KITH_TYPE_FILE_CARD, "stem_label"));
  extension = GTK_WIDGET (gtk_widget_get_template_child (card, KITH_TYPE_FILE_CARD, "extension_label"));
  state = GTK_WIDGET (gtk_widget_get_template_child (card, KITH_TYPE_FILE_CARD, "state_label"));
  gtk_window_present (GTK_WINDOW (window));
  wait_for (gtk_widget_get_width (extension) > 0 && gtk_widget_get_width (state) > 0);

  g_assert_true (gtk_widget_compute_bounds (stem, card, &stem_area));
  g_assert_true (gtk_widget_compute_bounds (extension, card, &extension_area));
  g_assert_true (gtk_widget_compute_bounds (state, card, &state_area));
  g_assert_cmpfloat (extension_area.origin.x, >=, stem_area.origin.x + stem_area.size.width);
  if (is_right_to_left)
    g_assert_cmpfloat_with_epsilon (extension_area.origin.x + extension_area.size.width,
                                    state_area.origin.x + state_area.size.width, 1);
  else
    g_assert_cmpfloat_with_epsilon (stem_area.origin.x, state_area.origin.x, 1);

  gtk_window_destroy (GTK_WINDOW (window));
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

/* The end of a name, which tells what it is, is at its end where one reads from the right as well. */
static void
test_name (void)
{
  check_name (GTK_TEXT_DIR_LTR);
  check_name (GTK_TEXT_DIR_RTL);
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  if (!kith_init ())
    return 1;
  application = kith_application_new ();
  if (!g_application_register (G_APPLICATION (application), NULL, NULL))
    return 1;

  g_test_add_func ("/attachment/lost", test_lost);
  g_test_add_func ("/attachment/name", test_name);
  status = g_test_run ();
  g_clear_object (&application);

  return status;
}
