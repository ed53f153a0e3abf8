/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-member-row.h"

#include <glib/gi18n.h>

#include "ui/kith-group-acts.h"
#include "ui/kith-member-request.h"
#include "ui/kith-person-row.h"
#include "ui/kith-state.h"

struct _KithMemberRow
{
  GtkListBoxRow parent_instance;

  KithPersonRow *person;
  GtkMenuButton *menu_button; /* (nullable) */

  KithMember *member; /* (owned) (nullable) */
  KithNode *node;     /* (owned) (nullable) */
  KithGroup *group;   /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (KithMemberRow, kith_member_row, GTK_TYPE_LIST_BOX_ROW)

/* (transfer full): "Admin, online" */
static char *
dup_role (KithMember *member)
{
  KithContact *contact = kith_member_get_contact (member);
  g_autofree char *presence = NULL;

  if (contact == NULL)
    /* Translators: said of a member of a group */
    return g_strdup (kith_member_get_admin (member) ? _("Admin") : "");

  presence = kith_state_dup_presence (contact);
  /* Translators: presence of the admin of a group: "Online" */
  return kith_member_get_admin (member) ? g_strdup_printf (_("Admin, %s"), presence)
                                        : g_steal_pointer (&presence);
}

static gboolean
is_verified (KithMember *member)
{
  KithContact *contact = kith_member_get_contact (member);

  return contact != NULL && kith_contact_get_verified (contact) != KITH_VERIFIED_NOT;
}

static void
update (KithMemberRow *self)
{
  g_autofree char *role = dup_role (self->member);
  g_autofree char *menu = NULL;

  kith_person_row_set_member (self->person, self->member, role);
  kith_person_row_set_verified (self->person, is_verified (self->member));
  if (self->menu_button == NULL)
    return;

  /* Translators: the name of a person; said of the button of a menu */
  menu = g_strdup_printf (_("What to do with %s"), kith_person_row_get_name (self->person));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  menu, -1);
}

/* --- The menu ------------------------------------------------------------------------------- */

/* Whom we do not know ourselves has no conversation with us. */
static gboolean
can_write_to (KithMember *member)
{
  KithContact *contact = kith_member_get_contact (member);
  KithRelation relation;

  if (contact == NULL)
    return FALSE;

  relation = kith_contact_get_relation (contact);
  return relation == KITH_RELATION_MUTUAL || relation == KITH_RELATION_REQUESTED;
}

static gboolean
is_asked (KithMemberRow *self)
{
  return kith_group_get_transfer_to (self->group) == self->member;
}

static GMenuModel *
make_menu (KithMemberRow *self)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) decisions = g_menu_new ();
  gboolean is_self = kith_member_is_self (self->member);

  if (can_write_to (self->member))
    g_menu_append (menu, _("_Message Privately"), "member.message");
  if (kith_member_request_is_possible (self->member))
    g_menu_append (menu, _("Send _Contact Request…"), "member.request");
  if (kith_group_get_can_endorse (self->group) && !kith_member_get_admin (self->member))
    g_menu_append (menu, _("_Propose as Admin…"), "member.endorse");
  if (kith_group_is_admin (self->group) && !is_self)
    {
      if (is_asked (self))
        g_menu_append (decisions, _("Take the _Question Back"), "member.unask");
      else
        g_menu_append (decisions, _("Make _Admin…"), "member.make-admin");
      g_menu_append (decisions, _("_Remove from the Group…"), "member.kick");
    }
  g_menu_append_section (menu, NULL, G_MENU_MODEL (decisions));

  return G_MENU_MODEL (menu);
}

static gboolean
has_menu (KithMemberRow *self)
{
  gboolean is_self = kith_member_is_self (self->member);

  return can_write_to (self->member) || kith_member_request_is_possible (self->member)
         || (kith_group_is_admin (self->group) && !is_self)
         || (kith_group_get_can_endorse (self->group) && !kith_member_get_admin (self->member));
}

static void
create_menu_cb (GtkMenuButton *button, gpointer user_data)
{
  g_autoptr (GMenuModel) menu = make_menu (user_data);

  gtk_menu_button_set_menu_model (button, menu);
}

static void
update_menu (KithMemberRow *self)
{
  if (self->menu_button != NULL)
    gtk_widget_set_visible (GTK_WIDGET (self->menu_button), has_menu (self));
}

static GtkWindow *
get_window (GtkWidget *widget)
{
  return GTK_WINDOW (gtk_widget_get_root (widget));
}

static void
message_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWindow *window = get_window (widget);
  GtkWindow *main_window = kith_group_acts_find_main (window);
  KithContact *contact = kith_member_get_contact (KITH_MEMBER_ROW (widget)->member);

  gtk_widget_activate_action (GTK_WIDGET (main_window), "win.open", "s", kith_contact_get_id (contact));
  if (main_window != window)
    gtk_window_close (window);
}

static void
request_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithMemberRow *self = KITH_MEMBER_ROW (widget);

  kith_member_request_ask (get_window (widget), self->node, self->member);
}

static void
endorse_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithMemberRow *self = KITH_MEMBER_ROW (widget);

  kith_group_acts_endorse (get_window (widget), self->node, self->group, self->member);
}

static void
make_admin_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithMemberRow *self = KITH_MEMBER_ROW (widget);

  kith_group_acts_make_admin (get_window (widget), self->node, self->group, self->member);
}

static void
unask_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithMemberRow *self = KITH_MEMBER_ROW (widget);

  kith_node_transfer_admin_async (self->node, self->group, NULL, NULL, kith_group_acts_done_cb,
                                  g_object_ref (kith_group_acts_find_main (get_window (widget))));
}

static void
kick_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithMemberRow *self = KITH_MEMBER_ROW (widget);

  kith_group_acts_kick (get_window (widget), self->node, self->group, self->member);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_member_row_dispose (GObject *object)
{
  KithMemberRow *self = KITH_MEMBER_ROW (object);

  g_clear_object (&self->member);
  g_clear_object (&self->group);
  g_clear_object (&self->node);

  G_OBJECT_CLASS (kith_member_row_parent_class)->dispose (object);
}

static void
kith_member_row_class_init (KithMemberRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_member_row_dispose;

  gtk_widget_class_install_action (widget_class, "member.message", NULL, message_action);
  gtk_widget_class_install_action (widget_class, "member.request", NULL, request_action);
  gtk_widget_class_install_action (widget_class, "member.endorse", NULL, endorse_action);
  gtk_widget_class_install_action (widget_class, "member.make-admin", NULL, make_admin_action);
  gtk_widget_class_install_action (widget_class, "member.unask", NULL, unask_action);
  gtk_widget_class_install_action (widget_class, "member.kick", NULL, kick_action);
}

static void
kith_member_row_init (KithMemberRow *self)
{
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  self->person = KITH_PERSON_ROW (kith_person_row_new ());
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), GTK_WIDGET (self->person));
}

static void
add_menu (KithMemberRow *self)
{
  self->menu_button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_icon_name (self->menu_button, "view-more-symbolic");
  gtk_menu_button_set_create_popup_func (self->menu_button, create_menu_cb, self, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->menu_button), "flat");
  kith_person_row_add_suffix (self->person, GTK_WIDGET (self->menu_button));
  g_signal_connect_object (self->group, "notify", G_CALLBACK (update_menu), self, G_CONNECT_SWAPPED);
  update_menu (self);
}

/**
 * kith_member_row_new:
 * @member: who it is
 * @node: (nullable): who acts on them; %NULL for a row without a menu
 * @group: (nullable): where; likewise
 *
 * Returns: (transfer floating): a row that follows them
 */
GtkWidget *
kith_member_row_new (KithMember *member, KithNode *node, KithGroup *group)
{
  KithMemberRow *self = g_object_new (KITH_TYPE_MEMBER_ROW, NULL);

  self->member = g_object_ref (member);
  g_set_object (&self->node, node);
  g_set_object (&self->group, group);
  if (node != NULL && group != NULL)
    add_menu (self);
  g_signal_connect_object (member, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}
