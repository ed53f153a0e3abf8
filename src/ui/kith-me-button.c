/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-me-button.h"

#include <glib/gi18n.h>

#include "ui/kith-avatar.h"
#include "ui/kith-network-words.h"
#include "ui/kith-sentence.h"

struct _KithMeButton
{
  AdwBin parent_instance;

  GtkWidget *button;
  KithAvatar *avatar;
  GtkLabel *name_label;
  GtkLabel *state_label;
  GtkImage *state_image;

  KithNode *node;                /* (owned) (nullable) */
  GSignalGroup *profile_signals; /* (owned) */
};

G_DEFINE_FINAL_TYPE (KithMeButton, kith_me_button, ADW_TYPE_BIN)

/* What there is to know besides, as far as it is on. */
static char *
dup_details (KithMeButton *self)
{
  KithNetwork *network = kith_node_get_network (self->node);
  g_autofree char *reach = kith_network_words_dup_reach (self->node);
  g_autofree char *dht = kith_network_words_dup_dht (network);

  if (kith_network_get_dht (network) == KITH_DHT_STATUS_OFF)
    return g_steal_pointer (&reach);

  /* Translators: how friends can reach the user, then how it stands with the DHT */
  return g_strdup_printf (_("%s\nDirectory (DHT): %s"), reach, dht);
}

static void
update (KithMeButton *self)
{
  KithProfile *profile = kith_node_get_profile (self->node);
  const char *name = profile != NULL ? kith_profile_get_name (profile) : "";
  gboolean listening = kith_node_get_listening (self->node);
  gboolean hidden = profile != NULL && kith_profile_get_hidden (profile);
  g_autofree char *reach = kith_network_words_dup_reach (self->node);
  g_autofree char *state
      /* Translators: how friends can reach the user, who has asked to be shown as absent */
      = hidden ? g_strdup_printf (_("%s, appearing offline"), reach) : g_strdup (reach);
  g_autofree char *spoken = kith_sentence_dup_spoken (state);
  g_autofree char *details = dup_details (self);
  g_autofree char *label = NULL;

  g_signal_group_set_target (self->profile_signals, profile);
  kith_avatar_set_name (self->avatar, name);
  gtk_label_set_text (self->name_label, name);
  gtk_label_set_text (self->state_label, state);
  gtk_widget_set_tooltip_text (self->button, details);
  gtk_image_set_from_icon_name (self->state_image, listening ? "kith-listening-symbolic"
                                                             : "kith-not-listening-symbolic");
  if (listening)
    gtk_widget_add_css_class (GTK_WIDGET (self->state_image), "success");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->state_image), "success");

  /* Translators: the user's name, "Reachable at ..." */
  label = g_strdup_printf (_("My address: %s, %s"), name, spoken);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
}

/* The profile is locked: nobody has to know whose it is, and where. */
static void
forget (KithMeButton *self)
{
  kith_avatar_set_name (self->avatar, "");
  gtk_label_set_text (self->name_label, "");
  gtk_label_set_text (self->state_label, "");
  gtk_widget_set_tooltip_text (self->button, NULL);
  gtk_accessible_reset_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL);
}

static void
kith_me_button_dispose (GObject *object)
{
  KithMeButton *self = KITH_ME_BUTTON (object);

  g_clear_object (&self->profile_signals);
  g_clear_object (&self->node);
  /* Bound as well, and the template would take it away from under the bin. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_ME_BUTTON);

  G_OBJECT_CLASS (kith_me_button_parent_class)->dispose (object);
}

static void
kith_me_button_class_init (KithMeButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_me_button_dispose;

  g_type_ensure (KITH_TYPE_AVATAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-me-button.ui");
  gtk_widget_class_bind_template_child (widget_class, KithMeButton, button);
  gtk_widget_class_bind_template_child (widget_class, KithMeButton, avatar);
  gtk_widget_class_bind_template_child (widget_class, KithMeButton, name_label);
  gtk_widget_class_bind_template_child (widget_class, KithMeButton, state_label);
  gtk_widget_class_bind_template_child (widget_class, KithMeButton, state_image);
}

static void
kith_me_button_init (KithMeButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->profile_signals = g_signal_group_new (KITH_TYPE_PROFILE);
  g_signal_group_connect_swapped (self->profile_signals, "notify", G_CALLBACK (update), self);
}

/**
 * kith_me_button_set_node:
 * @self: a button
 * @node: (nullable): the user's node
 */
void
kith_me_button_set_node (KithMeButton *self, KithNode *node)
{
  g_return_if_fail (KITH_IS_ME_BUTTON (self));

  if (self->node != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->node, self);
      g_signal_handlers_disconnect_by_data (kith_node_get_network (self->node), self);
    }
  g_signal_group_set_target (self->profile_signals, NULL);
  g_set_object (&self->node, node);
  if (node == NULL)
    {
      forget (self);
      return;
    }

  g_signal_connect_object (node, "notify::profile", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (node, "notify::listening", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (node, "notify::listen-port", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (kith_node_get_network (node), "notify", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}
