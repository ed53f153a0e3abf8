/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-notice-bar.h"

#include "ui/kith-announce.h"

/* Of the 360 of a narrow window, what buttons may take from the words beside them. */
#define NARROW_BUTTONS_PX 150

struct _KithNoticeBar
{
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkOrientable *box;
  GtkLabel *label;
  GtkWidget *buttons;
  GtkButton *refuse_button;
  GtkButton *button;

  gboolean is_narrow;
};

G_DEFINE_FINAL_TYPE (KithNoticeBar, kith_notice_bar, ADW_TYPE_BIN)

static void
kith_notice_bar_dispose (GObject *object)
{
  /* Bound as well, and the template would take it away from under the bin. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), KITH_TYPE_NOTICE_BAR);

  G_OBJECT_CLASS (kith_notice_bar_parent_class)->dispose (object);
}

static void
kith_notice_bar_class_init (KithNoticeBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_notice_bar_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-notice-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, KithNoticeBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, KithNoticeBar, box);
  gtk_widget_class_bind_template_child (widget_class, KithNoticeBar, label);
  gtk_widget_class_bind_template_child (widget_class, KithNoticeBar, buttons);
  gtk_widget_class_bind_template_child (widget_class, KithNoticeBar, refuse_button);
  gtk_widget_class_bind_template_child (widget_class, KithNoticeBar, button);
}

static void
kith_notice_bar_init (KithNoticeBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
set_button (GtkButton *button, const char *label, const char *action_name)
{
  gtk_widget_set_visible (GTK_WIDGET (button), label != NULL);
  if (label == NULL)
    return;

  gtk_button_set_label (button, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action_name);
}

/* Where it is narrow, a button with a long label, or one in large text, has no room beside the words, and
 * two have none. */
static void
update_orientation (KithNoticeBar *self)
{
  int width = 0;
  gboolean below;

  gtk_widget_measure (self->buttons, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  below = self->is_narrow && width > NARROW_BUTTONS_PX;
  gtk_orientable_set_orientation (self->box,
                                  below ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

/**
 * kith_notice_bar_says:
 * @self: a bar
 * @words: what may be said
 *
 * Returns: whether it is shown with these words
 */
gboolean
kith_notice_bar_says (KithNoticeBar *self, const char *words)
{
  g_return_val_if_fail (KITH_IS_NOTICE_BAR (self), FALSE);

  return gtk_revealer_get_reveal_child (self->revealer) && g_str_equal (words, gtk_label_get_text (self->label));
}

/**
 * kith_notice_bar_show:
 * @self: a bar
 * @words: what to say
 * @button_label: (nullable): what can be done about it
 * @action_name: (nullable): the action that does it, without a parameter
 */
void
kith_notice_bar_show (KithNoticeBar *self, const char *words, const char *button_label,
                      const char *action_name)
{
  g_return_if_fail (KITH_IS_NOTICE_BAR (self));

  if (!kith_notice_bar_says (self, words))
    kith_announce (GTK_WIDGET (self), words);
  gtk_label_set_text (self->label, words);
  set_button (self->button, button_label, action_name);
  set_button (self->refuse_button, NULL, NULL);
  update_orientation (self);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

/**
 * kith_notice_bar_offer_refusal:
 * @self: a bar that shows something
 * @label: what says no to it
 * @action_name: the action that does so, without a parameter
 *
 * Adds a second button, until something else is shown.
 */
void
kith_notice_bar_offer_refusal (KithNoticeBar *self, const char *label, const char *action_name)
{
  g_return_if_fail (KITH_IS_NOTICE_BAR (self));

  set_button (self->refuse_button, label, action_name);
  update_orientation (self);
}

/**
 * kith_notice_bar_set_narrow:
 * @self: a bar
 * @narrow: whether there is no room for two buttons beside the words
 */
void
kith_notice_bar_set_narrow (KithNoticeBar *self, gboolean narrow)
{
  g_return_if_fail (KITH_IS_NOTICE_BAR (self));

  self->is_narrow = narrow;
  update_orientation (self);
}

/**
 * kith_notice_bar_is_shown:
 * @self: a bar
 *
 * Returns: whether it says something now
 */
gboolean
kith_notice_bar_is_shown (KithNoticeBar *self)
{
  g_return_val_if_fail (KITH_IS_NOTICE_BAR (self), FALSE);

  return gtk_revealer_get_reveal_child (self->revealer);
}

/**
 * kith_notice_bar_hide:
 * @self: a bar
 */
void
kith_notice_bar_hide (KithNoticeBar *self)
{
  g_return_if_fail (KITH_IS_NOTICE_BAR (self));

  gtk_revealer_set_reveal_child (self->revealer, FALSE);
}
