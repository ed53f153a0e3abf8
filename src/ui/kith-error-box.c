/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-error-box.h"

#include "ui/kith-announce.h"

struct _KithErrorBox
{
  AdwBin parent_instance;

  GtkWidget *box;
  GtkLabel *label;
  GtkWidget *buttons;
  GtkButton *button;
  GtkWidget *help_button;

  char *help_page; /* (owned) (nullable) */
};

enum
{
  PROP_0,
  PROP_TEXT,
  PROP_BUTTON_LABEL,
  PROP_HELP_PAGE,
  N_PROPS
};

enum
{
  SIGNAL_CLICKED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithErrorBox, kith_error_box, ADW_TYPE_BIN)

static void
clicked_cb (KithErrorBox *self)
{
  g_signal_emit (self, signals[SIGNAL_CLICKED], 0);
}

static void
set_text (KithErrorBox *self, const char *words)
{
  gboolean is_shown = words != NULL && *words != '\0';
  gboolean is_new = is_shown
                    && (!gtk_widget_get_visible (GTK_WIDGET (self))
                        || !g_str_equal (words, gtk_label_get_text (self->label)));

  gtk_label_set_text (self->label, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self), is_shown);
  if (is_new)
    kith_announce (GTK_WIDGET (self), words);
}

static void
set_help_page (KithErrorBox *self, const char *page_id)
{
  GtkActionable *button = GTK_ACTIONABLE (self->help_button);

  g_free (self->help_page);
  self->help_page = g_strdup (page_id);
  gtk_widget_set_visible (self->help_button, page_id != NULL);
  if (page_id != NULL)
    gtk_actionable_set_action_target (button, "s", page_id);
  gtk_actionable_set_action_name (button, page_id != NULL ? "app.help" : NULL);
}

static void
kith_error_box_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithErrorBox *self = KITH_ERROR_BOX (object);

  switch (prop_id)
    {
    case PROP_TEXT:
      g_value_set_string (value, gtk_label_get_text (self->label));
      break;
    case PROP_BUTTON_LABEL:
      g_value_set_string (value, gtk_button_get_label (self->button));
      break;
    case PROP_HELP_PAGE:
      g_value_set_string (value, self->help_page);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_error_box_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  KithErrorBox *self = KITH_ERROR_BOX (object);

  switch (prop_id)
    {
    case PROP_TEXT:
      set_text (self, g_value_get_string (value));
      break;
    case PROP_BUTTON_LABEL:
      gtk_button_set_label (self->button, g_value_get_string (value));
      break;
    case PROP_HELP_PAGE:
      set_help_page (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_error_box_dispose (GObject *object)
{
  /* Bound as well, and the template would take it away from under the bin. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), KITH_TYPE_ERROR_BOX);

  G_OBJECT_CLASS (kith_error_box_parent_class)->dispose (object);
}

static void
kith_error_box_finalize (GObject *object)
{
  g_free (KITH_ERROR_BOX (object)->help_page);

  G_OBJECT_CLASS (kith_error_box_parent_class)->finalize (object);
}

static void
kith_error_box_class_init (KithErrorBoxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = kith_error_box_get_property;
  object_class->set_property = kith_error_box_set_property;
  object_class->dispose = kith_error_box_dispose;
  object_class->finalize = kith_error_box_finalize;

  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_BUTTON_LABEL] = g_param_spec_string ("button-label", NULL, NULL, NULL,
                                                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  /* The page of the help that the second button leads to; there is none without it. */
  properties[PROP_HELP_PAGE] = g_param_spec_string ("help-page", NULL, NULL, NULL,
                                                    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_CLICKED] = g_signal_new ("clicked", KITH_TYPE_ERROR_BOX, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ALERT);
  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-error-box.ui");
  gtk_widget_class_bind_template_child (widget_class, KithErrorBox, box);
  gtk_widget_class_bind_template_child (widget_class, KithErrorBox, label);
  gtk_widget_class_bind_template_child (widget_class, KithErrorBox, buttons);
  gtk_widget_class_bind_template_child (widget_class, KithErrorBox, button);
  gtk_widget_class_bind_template_child (widget_class, KithErrorBox, help_button);
  gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
}

static void
kith_error_box_init (KithErrorBox *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_error_box_show:
 * @self: a box
 * @words: what went wrong
 * @offer: whether the buttons help with it
 */
void
kith_error_box_show (KithErrorBox *self, const char *words, gboolean offer)
{
  g_return_if_fail (KITH_IS_ERROR_BOX (self));

  set_text (self, words);
  gtk_widget_set_visible (self->buttons, offer);
}

/**
 * kith_error_box_hide:
 * @self: a box
 */
void
kith_error_box_hide (KithErrorBox *self)
{
  g_return_if_fail (KITH_IS_ERROR_BOX (self));

  set_text (self, NULL);
}
