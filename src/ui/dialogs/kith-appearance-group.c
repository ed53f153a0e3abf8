/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-appearance-group.h"

#include "node/kith-node-history.h"
#include "node/kith-settings.h"
#include "ui/kith-appearance.h"

struct _KithAppearanceGroup
{
  AdwPreferencesGroup parent_instance;

  AdwComboRow *colours_row;
  AdwComboRow *size_row;

  KithNode *node; /* (owned) (nullable) */
};

/* In the order of the rows. */
static const char *const colours[] = { "", "light", "dark" };
static const int sizes_percent[] = { 85, 100, 125, 150, 200 };
#define USUAL_SIZE 1

G_DEFINE_FINAL_TYPE (KithAppearanceGroup, kith_appearance_group, ADW_TYPE_PREFERENCES_GROUP)

static void
colours_chosen_cb (KithAppearanceGroup *self)
{
  guint index = adw_combo_row_get_selected (self->colours_row);

  if (self->node == NULL || index >= G_N_ELEMENTS (colours))
    return;

  kith_node_set_setting (self->node, KITH_SETTING_COLOURS, colours[index]);
  kith_appearance_apply (self->node);
}

static void
size_chosen_cb (KithAppearanceGroup *self)
{
  guint index = adw_combo_row_get_selected (self->size_row);

  if (self->node == NULL || index >= G_N_ELEMENTS (sizes_percent))
    return;

  kith_node_set_setting_int (self->node, KITH_SETTING_TEXT_SIZE, sizes_percent[index]);
  kith_appearance_apply (self->node);
}

static void
kith_appearance_group_dispose (GObject *object)
{
  g_clear_object (&KITH_APPEARANCE_GROUP (object)->node);
  gtk_widget_dispose_template (GTK_WIDGET (object), KITH_TYPE_APPEARANCE_GROUP);

  G_OBJECT_CLASS (kith_appearance_group_parent_class)->dispose (object);
}

static void
kith_appearance_group_class_init (KithAppearanceGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_appearance_group_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-appearance-group.ui");
  gtk_widget_class_bind_template_child (widget_class, KithAppearanceGroup, colours_row);
  gtk_widget_class_bind_template_child (widget_class, KithAppearanceGroup, size_row);
  gtk_widget_class_bind_template_callback (widget_class, colours_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, size_chosen_cb);
}

static void
kith_appearance_group_init (KithAppearanceGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_appearance_group_set_node:
 * @self: a group
 * @node: whose settings; set once
 */
void
kith_appearance_group_set_node (KithAppearanceGroup *self, KithNode *node)
{
  const char *colour = kith_node_get_setting (node, KITH_SETTING_COLOURS);
  int percent = kith_node_get_setting_int (node, KITH_SETTING_TEXT_SIZE);
  guint size = USUAL_SIZE;

  g_return_if_fail (KITH_IS_APPEARANCE_GROUP (self) && self->node == NULL);

  for (guint i = 0; i < G_N_ELEMENTS (colours); i++)
    if (g_strcmp0 (colour, colours[i]) == 0)
      adw_combo_row_set_selected (self->colours_row, i);
  for (guint i = 0; i < G_N_ELEMENTS (sizes_percent); i++)
    if (percent == sizes_percent[i])
      size = i;
  adw_combo_row_set_selected (self->size_row, size);

  /* What is chosen from here on is the user's wish. */
  self->node = g_object_ref (node);
}
