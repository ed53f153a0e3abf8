/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-picture-viewer.h"

#include "base/kith-limits.h"
#include "ui/kith-keys.h"
#include "ui/kith-picture-loader.h"

#define ZOOM_STEP 1.25
#define ZOOM_MOST 8.0
#define FITS 0.0 /* as much as the window has room for */

/* One picture, as big as one likes. */
struct _KithPictureViewer
{
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkStack *stack;
  GtkScrolledWindow *scroller;
  GtkPicture *picture;
  AdwStatusPage *trouble;

  KithTransfer *transfer;    /* (owned) */
  GCancellable *cancellable; /* (owned) */
  GdkTexture *texture;       /* (owned) (nullable) */
  double zoom;               /* of its own size, or FITS */
  double zoom_at_pinch;
};

G_DEFINE_FINAL_TYPE (KithPictureViewer, kith_picture_viewer, ADW_TYPE_WINDOW)

/* --- Zoom ----------------------------------------------------------------------------------- */

/* What FITS comes to. */
static double
get_fitting (KithPictureViewer *self)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self->scroller));
  double height = gtk_widget_get_height (GTK_WIDGET (self->scroller));

  return MIN (1.0, MIN (width / gdk_texture_get_width (self->texture),
                        height / gdk_texture_get_height (self->texture)));
}

static void
set_zoom (KithPictureViewer *self, double zoom)
{
  gboolean fits = zoom == FITS;

  if (self->texture == NULL)
    return;

  self->zoom = fits ? FITS : CLAMP (zoom, MIN (get_fitting (self), 1.0), ZOOM_MOST);
  fits = self->zoom == FITS;
  gtk_picture_set_can_shrink (self->picture, TRUE);
  gtk_widget_set_size_request (
      GTK_WIDGET (self->picture),
      fits ? -1 : (int) (self->zoom * gdk_texture_get_width (self->texture)),
      fits ? -1 : (int) (self->zoom * gdk_texture_get_height (self->texture)));
  gtk_widget_set_halign (GTK_WIDGET (self->picture), fits ? GTK_ALIGN_FILL : GTK_ALIGN_CENTER);
  gtk_widget_set_valign (GTK_WIDGET (self->picture), fits ? GTK_ALIGN_FILL : GTK_ALIGN_CENTER);
  gtk_scrolled_window_set_policy (self->scroller, fits ? GTK_POLICY_NEVER : GTK_POLICY_AUTOMATIC,
                                  fits ? GTK_POLICY_NEVER : GTK_POLICY_AUTOMATIC);
}

static void
zoom_by (KithPictureViewer *self, double factor)
{
  if (self->texture != NULL)
    set_zoom (self, (self->zoom == FITS ? get_fitting (self) : self->zoom) * factor);
}

static void
zoom_in_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  zoom_by (KITH_PICTURE_VIEWER (widget), ZOOM_STEP);
}

static void
zoom_out_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  zoom_by (KITH_PICTURE_VIEWER (widget), 1 / ZOOM_STEP);
}

static void
zoom_fit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  set_zoom (KITH_PICTURE_VIEWER (widget), FITS);
}

static void
zoom_original_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  set_zoom (KITH_PICTURE_VIEWER (widget), 1);
}

static gboolean
scrolled_cb (KithPictureViewer *self, double dx, double dy, GtkEventControllerScroll *controller)
{
  GdkModifierType modifiers
      = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  if ((modifiers & GDK_CONTROL_MASK) == 0)
    return GDK_EVENT_PROPAGATE;

  zoom_by (self, dy < 0 ? ZOOM_STEP : 1 / ZOOM_STEP);

  return GDK_EVENT_STOP;
}

static void
pinch_begin_cb (KithPictureViewer *self)
{
  if (self->texture != NULL)
    self->zoom_at_pinch = self->zoom == FITS ? get_fitting (self) : self->zoom;
}

static void
pinched_cb (KithPictureViewer *self, double scale)
{
  set_zoom (self, self->zoom_at_pinch * scale);
}

static void
double_clicked_cb (KithPictureViewer *self, int n_press)
{
  if (n_press == 2)
    set_zoom (self, self->zoom == FITS ? 1 : FITS);
}

/* --- Loading -------------------------------------------------------------------------------- */

/* There is nothing to be made bigger as long as there is no picture. */
static void
allow_zoom (KithPictureViewer *self, gboolean allowed)
{
  static const char *const actions[]
      = { "viewer.zoom-in", "viewer.zoom-out", "viewer.zoom-fit", "viewer.zoom-original" };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i], allowed);
}

static void
show (KithPictureViewer *self, KithPicture *picture)
{
  g_autofree char *size = g_strdup_printf ("%u × %u", kith_picture_get_width (picture),
                                           kith_picture_get_height (picture));

  self->texture = g_object_ref (kith_picture_get_frame (picture, 0));
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (self->texture));
  gtk_picture_set_alternative_text (self->picture, kith_transfer_get_name (self->transfer));
  /* For GTK 4.8, that describes it and is no name. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  kith_transfer_get_name (self->transfer), -1);
  adw_window_title_set_subtitle (self->title, size);
  gtk_stack_set_visible_child_name (self->stack, "picture");
  allow_zoom (self, TRUE);
  set_zoom (self, FITS);
  gtk_widget_grab_focus (GTK_WIDGET (self->scroller));
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithPictureViewer) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithPicture) picture
      = kith_picture_loader_load_finish (KITH_PICTURE_LOADER (source), result, &error);
  g_autofree char *escaped = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (picture != NULL)
    {
      show (self, picture);
      return;
    }

  escaped = g_markup_escape_text (error->message, -1);
  adw_status_page_set_description (self->trouble, escaped);
  gtk_stack_set_visible_child_name (self->stack, "trouble");
}

/* --- Object --------------------------------------------------------------------------------- */

static gboolean
kith_picture_viewer_close_request (GtkWindow *window)
{
  g_cancellable_cancel (KITH_PICTURE_VIEWER (window)->cancellable);

  return GTK_WINDOW_CLASS (kith_picture_viewer_parent_class)->close_request (window);
}

static void
kith_picture_viewer_dispose (GObject *object)
{
  KithPictureViewer *self = KITH_PICTURE_VIEWER (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_PICTURE_VIEWER);
  g_clear_object (&self->texture);
  g_clear_object (&self->transfer);

  G_OBJECT_CLASS (kith_picture_viewer_parent_class)->dispose (object);
}

static void
kith_picture_viewer_finalize (GObject *object)
{
  g_object_unref (KITH_PICTURE_VIEWER (object)->cancellable);

  G_OBJECT_CLASS (kith_picture_viewer_parent_class)->finalize (object);
}

static void
kith_picture_viewer_class_init (KithPictureViewerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_picture_viewer_dispose;
  G_OBJECT_CLASS (klass)->finalize = kith_picture_viewer_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = kith_picture_viewer_close_request;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-picture-viewer.ui");
  gtk_widget_class_bind_template_child (widget_class, KithPictureViewer, title);
  gtk_widget_class_bind_template_child (widget_class, KithPictureViewer, stack);
  gtk_widget_class_bind_template_child (widget_class, KithPictureViewer, scroller);
  gtk_widget_class_bind_template_child (widget_class, KithPictureViewer, picture);
  gtk_widget_class_bind_template_child (widget_class, KithPictureViewer, trouble);
  gtk_widget_class_bind_template_callback (widget_class, scrolled_cb);
  gtk_widget_class_bind_template_callback (widget_class, pinch_begin_cb);
  gtk_widget_class_bind_template_callback (widget_class, pinched_cb);
  gtk_widget_class_bind_template_callback (widget_class, double_clicked_cb);

  gtk_widget_class_install_action (widget_class, "viewer.zoom-in", NULL, zoom_in_action);
  gtk_widget_class_install_action (widget_class, "viewer.zoom-out", NULL, zoom_out_action);
  gtk_widget_class_install_action (widget_class, "viewer.zoom-fit", NULL, zoom_fit_action);
  gtk_widget_class_install_action (widget_class, "viewer.zoom-original", NULL, zoom_original_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_plus, 0, "viewer.zoom-in", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Add, 0, "viewer.zoom-in", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_equal, 0, "viewer.zoom-in", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_minus, 0, "viewer.zoom-out", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Subtract, 0, "viewer.zoom-out", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_0, 0, "viewer.zoom-fit", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_1, 0, "viewer.zoom-original", NULL);
  kith_keys_bind_close (widget_class);
}

static void
kith_picture_viewer_init (KithPictureViewer *self)
{
  self->cancellable = g_cancellable_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  allow_zoom (self, FALSE);
}

/**
 * kith_picture_viewer_new:
 * @parent: the window it belongs to
 * @node: who has the picture
 * @transfer: the picture
 *
 * Returns: (transfer floating): a window that shows it
 */
GtkWidget *
kith_picture_viewer_new (GtkWindow *parent, KithNode *node, KithTransfer *transfer)
{
  KithPictureViewer *self = g_object_new (KITH_TYPE_PICTURE_VIEWER, "transient-for", parent, NULL);
  KithPictureSource source = { .node = node, .transfer = transfer };

  self->transfer = g_object_ref (transfer);
  adw_window_title_set_title (self->title, kith_transfer_get_name (transfer));
  gtk_window_set_title (GTK_WINDOW (self), kith_transfer_get_name (transfer));
  kith_picture_loader_load_async (kith_picture_loader_get_default (), &source,
                                  KITH_LIMIT_SHOWN_PICTURE_SIDE_PIXELS, 1, self->cancellable, loaded_cb,
                                  g_object_ref (self));

  return GTK_WIDGET (self);
}
