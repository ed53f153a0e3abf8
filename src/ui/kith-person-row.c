/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-person-row.h"

#include <glib/gi18n.h>

#include "ui/kith-avatar.h"
#include "ui/kith-format.h"
#include "ui/kith-row-name.h"
#include "ui/kith-state.h"

#define AVATAR_PX 32

struct _KithPersonRow
{
  GtkBox parent_instance;

  KithAvatar *avatar;
  GtkLabel *name_label;
  GtkLabel *line_label;
  GtkBox *suffixes;
  GtkWidget *verified_image;

  KithContact *contact;  /* (owned) (nullable) */
  GSignalGroup *signals; /* (owned) on contact */
  char *name;            /* (owned) (nullable): instead of the contact's */
  char *line;            /* (owned) (nullable): instead of their presence */
};

G_DEFINE_FINAL_TYPE (KithPersonRow, kith_person_row, GTK_TYPE_BOX)

/* --- What is shown -------------------------------------------------------------------------- */

/* (transfer full) */
static char *
dup_line (KithPersonRow *self)
{
  if (self->line != NULL || self->contact == NULL)
    return g_strdup (self->line != NULL ? self->line : "");

  return kith_state_dup_presence (self->contact);
}

/* What a screen reader says: "Ann, Verified, Online". */
static void
name_row (KithPersonRow *self)
{
  const char *words[4] = { kith_person_row_get_name (self) };
  const char *line = gtk_label_get_text (self->line_label);
  g_autofree char *spoken = NULL;
  guint n = 1;

  /* It is the row that gets the name, not what is in it. */
  if (gtk_widget_get_parent (GTK_WIDGET (self)) == NULL)
    return;

  if (gtk_widget_get_visible (self->verified_image))
    words[n++] = _("Verified");
  if (*line != '\0')
    words[n++] = line;
  spoken = kith_format_list (words);
  kith_row_name_set (GTK_WIDGET (self), spoken);
}

static void
update (KithPersonRow *self)
{
  g_autofree char *line = dup_line (self);

  gtk_label_set_text (self->name_label, kith_person_row_get_name (self));
  gtk_label_set_text (self->line_label, line);
  gtk_widget_set_visible (GTK_WIDGET (self->line_label), *line != '\0');
  name_row (self);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_person_row_dispose (GObject *object)
{
  KithPersonRow *self = KITH_PERSON_ROW (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->contact);

  G_OBJECT_CLASS (kith_person_row_parent_class)->dispose (object);
}

static void
kith_person_row_finalize (GObject *object)
{
  KithPersonRow *self = KITH_PERSON_ROW (object);

  g_free (self->name);
  g_free (self->line);

  G_OBJECT_CLASS (kith_person_row_parent_class)->finalize (object);
}

static void
kith_person_row_class_init (KithPersonRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kith_person_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = kith_person_row_finalize;
}

/* The classes are those of the parts of an #AdwActionRow, which it looks like. */
static GtkWidget *
append_part (GtkWidget *box, GtkWidget *part, const char *css_class)
{
  gtk_widget_add_css_class (part, css_class);
  gtk_widget_set_valign (part, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), part);

  return part;
}

static GtkLabel *
append_label (GtkWidget *box, const char *css_class)
{
  GtkWidget *label = append_part (box, gtk_label_new (NULL), css_class);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);

  return GTK_LABEL (label);
}

static void
add_verified (KithPersonRow *self)
{
  self->verified_image = gtk_image_new_from_icon_name ("kith-verified-symbolic");
  gtk_widget_add_css_class (self->verified_image, "accent");
  gtk_widget_set_tooltip_text (self->verified_image, _("Verified"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->verified_image), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Verified"), -1);
  gtk_widget_set_visible (self->verified_image, FALSE);
  kith_person_row_add_suffix (self, self->verified_image);
}

static void
kith_person_row_init (KithPersonRow *self)
{
  GtkWidget *box = GTK_WIDGET (self);
  GtkWidget *prefixes, *names;

  gtk_widget_add_css_class (box, "header");
  prefixes = append_part (box, gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), "prefixes");
  self->avatar = g_object_new (KITH_TYPE_AVATAR, "size", AVATAR_PX, NULL);
  gtk_box_append (GTK_BOX (prefixes), GTK_WIDGET (self->avatar));
  names = append_part (box, gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "title");
  gtk_widget_set_hexpand (names, TRUE);
  self->name_label = append_label (names, "title");
  self->line_label = append_label (names, "subtitle");
  self->suffixes = GTK_BOX (append_part (box, gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), "suffixes"));
  add_verified (self);

  self->signals = g_signal_group_new (KITH_TYPE_CONTACT);
  g_signal_group_connect_swapped (self->signals, "notify", G_CALLBACK (update), self);
  g_signal_connect (self, "notify::parent", G_CALLBACK (name_row), NULL);
}

GtkWidget *
kith_person_row_new (void)
{
  return g_object_new (KITH_TYPE_PERSON_ROW, NULL);
}

/* --- Whom it shows -------------------------------------------------------------------------- */

static void
set_texts (KithPersonRow *self, KithContact *contact, const char *name, const char *line)
{
  g_free (self->name);
  self->name = g_strdup (name);
  g_free (self->line);
  self->line = g_strdup (line);
  g_set_object (&self->contact, contact);
  g_signal_group_set_target (self->signals, contact);
  kith_avatar_set_contact (self->avatar, contact);
  update (self);
}

/**
 * kith_person_row_set_person:
 * @self: a row
 * @contact: (nullable): who it is
 * @name: (nullable): what they are called here; %NULL = as the contact is shown
 * @line: (nullable): the second line; %NULL = whether the contact can be talked to now, "" = none
 */
void
kith_person_row_set_person (KithPersonRow *self, KithContact *contact, const char *name, const char *line)
{
  g_return_if_fail (KITH_IS_PERSON_ROW (self));

  set_texts (self, contact, name, line);
  if (contact == NULL)
    kith_avatar_set_name (self->avatar, kith_person_row_get_name (self));
}

/**
 * kith_person_row_set_member:
 * @self: a row
 * @member: somebody in a group
 * @line: (nullable): as for kith_person_row_set_person()
 */
void
kith_person_row_set_member (KithPersonRow *self, KithMember *member, const char *line)
{
  g_return_if_fail (KITH_IS_PERSON_ROW (self));
  g_return_if_fail (KITH_IS_MEMBER (member));

  set_texts (self, kith_member_get_contact (member), kith_member_is_self (member) ? _("You") : NULL, line);
  if (kith_member_is_self (member))
    kith_avatar_set_name (self->avatar, kith_member_get_name (member));
}

/**
 * kith_person_row_get_name:
 * @self: a row
 *
 * Returns: (transfer none): what they are called in it
 */
const char *
kith_person_row_get_name (KithPersonRow *self)
{
  g_return_val_if_fail (KITH_IS_PERSON_ROW (self), "");

  if (self->name != NULL)
    return self->name;

  return self->contact != NULL ? kith_contact_get_display_name (self->contact) : "";
}

/**
 * kith_person_row_set_verified:
 * @self: a row
 * @verified: whether to say that it is certain who they are
 */
void
kith_person_row_set_verified (KithPersonRow *self, gboolean verified)
{
  g_return_if_fail (KITH_IS_PERSON_ROW (self));

  gtk_widget_set_visible (self->verified_image, verified);
  name_row (self);
}

/**
 * kith_person_row_add_suffix:
 * @self: a row
 * @suffix: (transfer floating): what stands at its end, after what stands there already
 */
void
kith_person_row_add_suffix (KithPersonRow *self, GtkWidget *suffix)
{
  g_return_if_fail (KITH_IS_PERSON_ROW (self));
  g_return_if_fail (GTK_IS_WIDGET (suffix));

  gtk_widget_set_valign (suffix, GTK_ALIGN_CENTER);
  gtk_box_append (self->suffixes, suffix);
}

/**
 * kith_person_row_wrap:
 * @self: (transfer floating): a row that stands nowhere
 *
 * Returns: (transfer floating): what goes into a list box with it, and does nothing when it is clicked
 */
GtkWidget *
kith_person_row_wrap (KithPersonRow *self)
{
  g_return_val_if_fail (KITH_IS_PERSON_ROW (self), NULL);

  return g_object_new (GTK_TYPE_LIST_BOX_ROW, "activatable", FALSE, "child", self, NULL);
}
