/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-task-panel.h"

#include <glib/gi18n.h>

#include "base/kith-error.h"
#include "node/kith-explain.h"
#include "ui/kith-error-box.h"

struct _KithTaskPanel
{
  AdwBin parent_instance;

  KithErrorBox *error_box;
  GtkProgressBar *progress_bar;
  GtkWidget *cancel_button;
  GtkButton *start_button;
  GtkSpinner *spinner;

  GCancellable *cancellable; /* (owned) (nullable) while it runs */
  gboolean ready;
};

enum
{
  PROP_0,
  PROP_LABEL,
  N_PROPS
};

enum
{
  SIGNAL_START,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];
static guint n_running; /* of all windows */
static guint n_steps;   /* forward, of all of them */

G_DEFINE_FINAL_TYPE (KithTaskPanel, kith_task_panel, ADW_TYPE_BIN)

static void
update (KithTaskPanel *self)
{
  gboolean running = self->cancellable != NULL;

  gtk_widget_set_sensitive (GTK_WIDGET (self->start_button), self->ready && !running);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), running);
  gtk_spinner_set_spinning (self->spinner, running);
  if (!running)
    {
      gtk_widget_set_visible (self->cancel_button, FALSE);
      gtk_widget_set_opacity (GTK_WIDGET (self->progress_bar), 0);
    }
}

static void
set_cancellable (KithTaskPanel *self, GCancellable *cancellable)
{
  n_running -= self->cancellable != NULL ? 1 : 0;
  n_running += cancellable != NULL ? 1 : 0;
  n_steps += cancellable != NULL ? 1 : 0;
  g_set_object (&self->cancellable, cancellable);
}


/* --- Object --------------------------------------------------------------------------------- */

static void
kith_task_panel_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithTaskPanel *self = KITH_TASK_PANEL (object);

  switch (prop_id)
    {
    case PROP_LABEL:
      g_value_set_string (value, gtk_button_get_label (self->start_button));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

/* Large letters take two lines in a narrow window. */
static void
set_label (KithTaskPanel *self, const char *words)
{
  GtkLabel *label;

  gtk_button_set_label (self->start_button, words);
  label = GTK_LABEL (gtk_button_get_child (self->start_button));
  gtk_label_set_wrap (label, TRUE);
  gtk_label_set_wrap_mode (label, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_justify (label, GTK_JUSTIFY_CENTER);
}

static void
kith_task_panel_set_property (GObject *object, guint prop_id, const GValue *value,
                              GParamSpec *pspec)
{
  KithTaskPanel *self = KITH_TASK_PANEL (object);

  switch (prop_id)
    {
    case PROP_LABEL:
      set_label (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_task_panel_dispose (GObject *object)
{
  KithTaskPanel *self = KITH_TASK_PANEL (object);

  g_cancellable_cancel (self->cancellable);
  set_cancellable (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_TASK_PANEL);

  G_OBJECT_CLASS (kith_task_panel_parent_class)->dispose (object);
}

/* The window goes away; who works for it may hold it for longer than that. What cannot be cancelled goes on. */
static void
kith_task_panel_unrealize (GtkWidget *widget)
{
  KithTaskPanel *self = KITH_TASK_PANEL (widget);

  if (gtk_widget_get_visible (self->cancel_button))
    g_cancellable_cancel (self->cancellable);

  GTK_WIDGET_CLASS (kith_task_panel_parent_class)->unrealize (widget);
}

static void
kith_task_panel_class_init (KithTaskPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = kith_task_panel_get_property;
  object_class->set_property = kith_task_panel_set_property;
  object_class->dispose = kith_task_panel_dispose;
  widget_class->unrealize = kith_task_panel_unrealize;

  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL,
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_START] = g_signal_new ("start", KITH_TYPE_TASK_PANEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (KITH_TYPE_ERROR_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-task-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, KithTaskPanel, error_box);
  gtk_widget_class_bind_template_child (widget_class, KithTaskPanel, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, KithTaskPanel, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, KithTaskPanel, start_button);
  gtk_widget_class_bind_template_child (widget_class, KithTaskPanel, spinner);
  gtk_widget_class_bind_template_callback (widget_class, kith_task_panel_cancel);
  gtk_widget_class_bind_template_callback (widget_class, kith_task_panel_start);
}

static void
kith_task_panel_init (KithTaskPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_task_panel_set_ready:
 * @self: a panel
 * @ready: whether all that is needed has been entered
 */
void
kith_task_panel_set_ready (KithTaskPanel *self, gboolean ready)
{
  g_return_if_fail (KITH_IS_TASK_PANEL (self));

  self->ready = ready;
  update (self);
}

/**
 * kith_task_panel_set_destructive:
 * @self: a panel
 * @destructive: whether something is lost by it
 */
void
kith_task_panel_set_destructive (KithTaskPanel *self, gboolean destructive)
{
  GtkWidget *button;

  g_return_if_fail (KITH_IS_TASK_PANEL (self));

  button = GTK_WIDGET (self->start_button);
  gtk_widget_remove_css_class (button, destructive ? "suggested-action" : "destructive-action");
  gtk_widget_add_css_class (button, destructive ? "destructive-action" : "suggested-action");
}

/**
 * kith_task_panel_start:
 * @self: a panel
 *
 * As a click on the button that starts; does nothing when it cannot be started.
 */
void
kith_task_panel_start (KithTaskPanel *self)
{
  g_return_if_fail (KITH_IS_TASK_PANEL (self));

  if (self->ready && self->cancellable == NULL)
    g_signal_emit (self, signals[SIGNAL_START], 0);
}

/**
 * kith_task_panel_is_running:
 * @self: a panel
 *
 * Returns: whether it has begun and not ended
 */
gboolean
kith_task_panel_is_running (KithTaskPanel *self)
{
  g_return_val_if_fail (KITH_IS_TASK_PANEL (self), FALSE);

  return self->cancellable != NULL;
}

/**
 * kith_task_panel_is_any_running:
 *
 * Returns: whether the user waits for something, in whatever window: closing that would end it
 */
gboolean
kith_task_panel_is_any_running (void)
{
  return n_running > 0;
}

/**
 * kith_task_panel_count_steps:
 *
 * Returns: a number that is another one as soon as something began, or went on, in whatever window
 */
guint
kith_task_panel_count_steps (void)
{
  return n_steps;
}

/**
 * kith_task_panel_begin:
 * @self: a panel
 * @can_cancel: whether to offer that
 *
 * Returns: (transfer none): what the user cancels it with
 */
GCancellable *
kith_task_panel_begin (KithTaskPanel *self, gboolean can_cancel)
{
  g_autoptr (GCancellable) cancellable = NULL;

  g_return_val_if_fail (KITH_IS_TASK_PANEL (self), NULL);

  cancellable = g_cancellable_new ();
  set_cancellable (self, cancellable);
  kith_error_box_hide (self->error_box);
  gtk_widget_set_visible (self->cancel_button, can_cancel);
  gtk_widget_set_sensitive (self->cancel_button, TRUE);
  update (self);

  return self->cancellable;
}

/**
 * kith_task_panel_cancel:
 * @self: a panel
 *
 * As a click on the button that cancels; does nothing when nothing runs.
 */
void
kith_task_panel_cancel (KithTaskPanel *self)
{
  g_return_if_fail (KITH_IS_TASK_PANEL (self));

  g_cancellable_cancel (self->cancellable);
  gtk_widget_set_sensitive (self->cancel_button, FALSE);
}

/**
 * kith_task_panel_set_progress:
 * @self: a panel
 * @fraction: 0 to 1
 */
void
kith_task_panel_set_progress (KithTaskPanel *self, double fraction)
{
  g_return_if_fail (KITH_IS_TASK_PANEL (self));

  if (self->cancellable == NULL || self->progress_bar == NULL)
    return;

  n_steps++;
  gtk_widget_set_opacity (GTK_WIDGET (self->progress_bar), 1);
  gtk_progress_bar_set_fraction (self->progress_bar, fraction);
}

/**
 * kith_task_panel_end:
 * @self: a panel
 * @error: (nullable): what went wrong
 */
void
kith_task_panel_end (KithTaskPanel *self, const GError *error)
{
  g_autofree char *words = NULL;

  g_return_if_fail (KITH_IS_TASK_PANEL (self));

  set_cancellable (self, NULL);
  update (self);
  if (error == NULL || kith_error_code_from_gerror (error) == KITH_ERROR_CANCELLED)
    return;

  words = kith_explain_error (error);
  kith_task_panel_complain (self, words);
}

/**
 * kith_task_panel_complain:
 * @self: a panel
 * @words: (nullable): what is wrong and what to do
 */
void
kith_task_panel_complain (KithTaskPanel *self, const char *words)
{
  g_return_if_fail (KITH_IS_TASK_PANEL (self));

  kith_error_box_show (self->error_box, words, FALSE);
}
