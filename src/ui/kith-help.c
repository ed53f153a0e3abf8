/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-help.h"

#include <glib/gi18n.h>

static const KithHelpPart reach_parts[] = {
  { KITH_HELP_TEXT,
    N_("There is no list of people to look through. You and your friend meet once in one of "
       "these ways; from then on both programs find each other by themselves, wherever you are."),
    NULL },
  { KITH_HELP_HEADING, N_("With a Link"), NULL },
  { KITH_HELP_STEP, N_("Choose “Invite a Friend” and make a link."), NULL },
  { KITH_HELP_STEP,
    N_("Send it to your friend over a way you trust, or let them scan its QR code."), NULL },
  { KITH_HELP_STEP, N_("Your friend chooses “Add by Link or QR Code” and pastes it."), NULL },
  { KITH_HELP_STEP, N_("You see their request, and accept it."), NULL },
  { KITH_HELP_TEXT,
    N_("A link is for one person. It is valid for two days unless you choose otherwise."), NULL },
  { KITH_HELP_DO, N_("Invite a Friend"), "win.invite" },
  { KITH_HELP_HEADING, N_("Without a Link"), NULL },
  { KITH_HELP_POINT,
    N_("“My Address” shows what your friend enters under “Add by IP Address”."), NULL },
  { KITH_HELP_POINT,
    N_("“People Nearby” shows who on the same network wants to be seen. There you can show your "
       "name to them, too."), NULL },
  { KITH_HELP_SEE, NULL, "verify" },
  { KITH_HELP_SEE, NULL, "unreachable" },
};

static const KithHelpPart verify_parts[] = {
  { KITH_HELP_TEXT,
    N_("What you write is encrypted from the first message on. What Kith cannot know is whether "
       "your friend answers, or somebody who got hold of the link or stands in between. Verify "
       "each friend once, and you know it too: open their details and choose “Verify…”."), NULL },
  { KITH_HELP_POINT,
    N_("With four words, while both of you are online: call each other or meet, and read them "
       "out."), NULL },
  { KITH_HELP_POINT,
    N_("With a QR code, when you are together: each scans the one on the other’s screen."), NULL },
  { KITH_HELP_POINT,
    N_("With a number, face to face or on the phone: compare all of its digits."), NULL },
  { KITH_HELP_TEXT,
    N_("Do not send words or numbers in a message: whoever stands in between could change them."),
    NULL },
  { KITH_HELP_TEXT,
    N_("If something is different, somebody may be reading along. Write nothing there that "
       "others must not see, and meet to compare again."), NULL },
  { KITH_HELP_TEXT,
    N_("Who is verified has a mark beside the name. Somebody else who takes the same name does "
       "not get it."), NULL },
  { KITH_HELP_SEE, NULL, "protected" },
};

static const KithHelpPart groups_parts[] = {
  { KITH_HELP_TEXT,
    N_("A group has no server either: the computer of every member keeps all of it, and what one "
       "has reaches the others through whoever is online."), NULL },
  { KITH_HELP_POINT,
    N_("Choose “New Group…” and whom to ask. Nobody is in a group before they have agreed."),
    NULL },
  { KITH_HELP_POINT,
    N_("With the link of a group others can ask to join. The admin lets them in, or does not."),
    NULL },
  { KITH_HELP_POINT,
    N_("There is one admin. Only the admin lets people in, removes them, and changes the group."),
    NULL },
  { KITH_HELP_POINT,
    N_("The admin can ask another member to take over. When the admin is gone for weeks, more "
       "than half of the members can agree on another."), NULL },
  { KITH_HELP_POINT,
    N_("All members see your name, when you are online, and your internet address."), NULL },
  { KITH_HELP_POINT,
    N_("What newcomers can read of what was written before is set in the details of the group."),
    NULL },
  { KITH_HELP_POINT,
    N_("Who leaves or is removed keeps what they have, and gets nothing that is written from then on by members who "
       "know that they are gone."), NULL },
  { KITH_HELP_DO, N_("New Group"), "win.new-group" },
  { KITH_HELP_SEE, NULL, "protected" },
};

static const KithHelpPart protected_parts[] = {
  /* Translators: a page of the help */
  { KITH_HELP_HEADING, N_("Protected"), NULL },
  { KITH_HELP_POINT,
    N_("What you write and send: only you and those you write to can read it. Nobody in between "
       "can, and nobody keeps a copy for you."), NULL },
  { KITH_HELP_POINT,
    N_("What was written before: keys that are stolen one day do not open what went over the "
       "network earlier."), NULL },
  { KITH_HELP_POINT,
    N_("What Kith keeps on this computer, if you have set a passphrase. Without one anybody who "
       "gets hold of the disk can read it."), NULL },
  { KITH_HELP_HEADING, N_("Not Protected"), NULL },
  { KITH_HELP_POINT,
    N_("That you talk. Who watches the network sees that your computer and your friend’s are "
       "connected, when, and roughly how much goes between them. Your contacts see your internet "
       "address."), NULL },
  { KITH_HELP_POINT,
    N_("That you look for each other. The computers that hold the directory (DHT) see your internet address, and can "
       "see which address looks for which; they do not see names."), NULL },
  { KITH_HELP_POINT,
    N_("Your unlocked computer. Who sits at it, and any harmful program on it, can do all that "
       "you can."), NULL },
  { KITH_HELP_POINT,
    N_("What others do. A friend can show to others what you wrote; that messages disappear is "
       "up to the programs of both."), NULL },
  { KITH_HELP_POINT,
    N_("Files that you have accepted. They are ordinary files, and stay when the message is "
       "deleted."), NULL },
  { KITH_HELP_TEXT,
    N_("Tor, in the preferences under “Network”, hides where you are. You can reach friends "
       "whose address you know then, but nobody can find or reach you."), NULL },
  { KITH_HELP_SEE, NULL, "verify" },
  { KITH_HELP_SEE, NULL, "backup" },
  { KITH_HELP_SEE, NULL, "erase" },
};

static const KithHelpPart backup_parts[] = {
  { KITH_HELP_TEXT,
    N_("Nobody keeps a copy for you. If this computer breaks and there is no backup, your "
       "identity, your contacts and all messages are lost."), NULL },
  { KITH_HELP_HEADING, N_("Save a Backup"), NULL },
  { KITH_HELP_STEP, N_("Open the preferences, and under “Storage” choose “Save a Backup…”."), NULL },
  { KITH_HELP_STEP,
    N_("Think of a passphrase for it, and write it down where only you find it."), NULL },
  { KITH_HELP_STEP, N_("Keep the file on another disk."), NULL },
  { KITH_HELP_DO, N_("Preferences"), "win.preferences" },
  { KITH_HELP_HEADING, N_("Move to Another Computer"), NULL },
  { KITH_HELP_STEP, N_("Save a backup on the old computer, and quit Kith there."), NULL },
  { KITH_HELP_STEP,
    N_("Start Kith on the new one. Instead of entering a name choose “Restore from a Backup…”."),
    NULL },
  { KITH_HELP_STEP,
    N_("Choose the file, enter its passphrase, and choose one for the new computer."), NULL },
  { KITH_HELP_TEXT,
    N_("Your friends recognize you, and nothing has to be verified again. In groups, what you "
       "write waits until the admin was online."), NULL },
  { KITH_HELP_TEXT,
    N_("From then on use only one of the two: Kith cannot be one person on two computers. Files "
       "that you have received are not in the backup; copy them yourself."), NULL },
  { KITH_HELP_SEE, NULL, "damaged" },
  { KITH_HELP_SEE, NULL, "lost" },
  { KITH_HELP_SEE, NULL, "erase" },
};

static const KithHelpPart unreachable_parts[] = {
  { KITH_HELP_TEXT,
    N_("The computers of you and your friend connect directly. It is enough that one of the two "
       "can be reached from outside; then both can write."), NULL },
  { KITH_HELP_STEP,
    N_("Let Kith check the connection. It says what works, what does not, and what to do."), NULL },
  { KITH_HELP_STEP,
    N_("In the settings of your router turn on PCP, NAT-PMP or UPnP, or forward the port that "
       "“My Address” shows to this computer."), NULL },
  { KITH_HELP_STEP, N_("If there is a firewall on this computer, let Kith in."), NULL },
  { KITH_HELP_DO, N_("Check Connection"), "win.connection" },
  { KITH_HELP_POINT,
    N_("While Kith is closed or locked nothing arrives. It can run without a window, and start "
       "when you log in: both are in the preferences under “Notifications”."), NULL },
  { KITH_HELP_POINT,
    N_("Guest networks and some providers let nobody in. Use another network then, or have those "
       "friends connect who can be reached."), NULL },
  { KITH_HELP_POINT, N_("With a proxy or Tor nobody can find you."), NULL },
  { KITH_HELP_POINT,
    N_("What you write to somebody who is away waits here, and is sent when both of you are "
       "online."), NULL },
  { KITH_HELP_SEE, NULL, "reach" },
};

static const KithHelpPart damaged_parts[] = {
  { KITH_HELP_TEXT,
    N_("A disk that is failing may damage a profile so that it no longer opens. Kith then shows “Save What Can Be Read…”, "
       "which writes all that is left into a backup and changes nothing."), NULL },
  { KITH_HELP_STEP, N_("Choose that, and keep the file on another disk."), NULL },
  { KITH_HELP_STEP,
    N_("Choose “Other Profiles…”, begin a new one there with “Restore from a Backup…”, and look through it."), NULL },
  { KITH_HELP_STEP, N_("Only then erase the damaged one, or move its folder to a safe place."), NULL },
  { KITH_HELP_TEXT, N_("An older backup may have what this one lacks: keep it."), NULL },
  /* Translators: “vault” is the name of a file, here and below: it has the key of a profile. “Start Anew” is the button of
   * the page that tells of its loss */
  { KITH_HELP_HEADING, N_("When “vault” Was Lost and Is Found"), NULL },
  { KITH_HELP_TEXT,
    N_("After “Start Anew” the old messages lie beside the new profile, in “kith.db.without-vault”."), NULL },
  { KITH_HELP_STEP,
    N_("Make a new folder, and put “vault” in it. Never put it in the place of the “vault” of the new profile."), NULL },
  { KITH_HELP_STEP,
    /* Translators: names of files */
    N_("Move “kith.db.without-vault” there, and every file whose name begins so. Take “.without-vault” out of their "
       "names: the first is “kith.db” then."), NULL },
  /* Translators: a command to be typed; FOLDER, which can be translated, stands for the path of one */
  { KITH_HELP_STEP, N_("Start it with “kith --profile FOLDER”."), NULL },
  { KITH_HELP_SEE, NULL, "backup" },
  { KITH_HELP_SEE, NULL, "erase" },
};

static const KithHelpPart lost_parts[] = {
  { KITH_HELP_TEXT,
    N_("Nobody can recover a passphrase, and there is no way around it: not for you, and not for "
       "a thief."), NULL },
  { KITH_HELP_POINT,
    N_("Try what it may have been, and look at Caps Lock and the keyboard layout. After three "
       "wrong ones Kith waits a minute; nothing is ever erased for that."), NULL },
  { KITH_HELP_POINT,
    N_("If you have a backup and its passphrase: choose “Other Profiles…” where Kith asks for "
       "the passphrase, and then “Restore from a Backup…”."), NULL },
  { KITH_HELP_POINT,
    N_("If not, start with a new profile, from the same place. Your friends see somebody new: "
       "reach them again, and verify each other."), NULL },
  { KITH_HELP_TEXT,
    N_("The old profile stays on the disk, encrypted. If the passphrase comes back to you, it "
       "opens."), NULL },
  { KITH_HELP_TEXT,
    N_("Somebody who will never need it again can erase it. While Kith is locked there is a button "
       "for that on this page."), NULL },
  { KITH_HELP_DO,
    /* Translators: a button: opens a dialog that erases a profile which is locked */
    N_("Erase This Profile…"), "win.erase-profile" },
  { KITH_HELP_SEE, NULL, "backup" },
  { KITH_HELP_SEE, NULL, "reach" },
};

static const KithHelpPart erase_parts[] = {
  { KITH_HELP_TEXT,
    N_("“Erase Everything…”, in the preferences under “Storage”, destroys the key of this profile "
       "first and then its files. It cannot be undone."), NULL },
  { KITH_HELP_POINT,
    N_("Nobody is told: your friends see you as offline, and keep what you wrote to them."), NULL },
  { KITH_HELP_POINT,
    N_("Files that you received stay, unless you turn on “Also Delete the Files You Received”. Backups, messages that "
       "you saved as a readable file, folders, and files that you moved or changed stay always. Look for them yourself."),
    NULL },
  { KITH_HELP_POINT,
    N_("A group of which you are the admin stays without one. Ask somebody to take over first."),
    NULL },
  { KITH_HELP_POINT,
    N_("On memory cards and SSDs an old copy of the key can survive for a while. The passphrase "
       "still stands before it then."), NULL },
  { KITH_HELP_POINT, N_("Removing the program from the computer erases no profile."), NULL },
  { KITH_HELP_TEXT,
    N_("To delete less: a single message has “Delete” in its menu, and the details of a contact "
       "have “Delete All Messages…”."), NULL },
  { KITH_HELP_SEE, NULL, "protected" },
  { KITH_HELP_SEE, NULL, "backup" },
};

#define PAGE(id, title, icon) { #id, title, icon, id##_parts, G_N_ELEMENTS (id##_parts) }

static const KithHelpPage pages[] = {
  PAGE (reach, N_("Reach a Friend"), "contact-new-symbolic"),
  PAGE (verify, N_("Make Sure Who It Is"), "kith-verified-symbolic"),
  /* Translators: a part of the help */
  PAGE (groups, N_("Groups"), "system-users-symbolic"),
  PAGE (unreachable, N_("When Nobody Can Reach You"), "network-wired-symbolic"),
  PAGE (protected, N_("What Is Protected"), "channel-secure-symbolic"),
  PAGE (backup, N_("Backup and Moving"), "drive-harddisk-symbolic"),
  PAGE (damaged, N_("When a Profile Does Not Open"), "dialog-warning-symbolic"),
  PAGE (lost, N_("When the Passphrase Is Lost"), "dialog-password-symbolic"),
  PAGE (erase, N_("Erase Everything"), "user-trash-symbolic"),
};

/**
 * kith_help_get_pages:
 * @n_pages: (out): how many there are
 *
 * Returns: (array length=n_pages): all pages, in the order to be read
 */
const KithHelpPage *
kith_help_get_pages (gsize *n_pages)
{
  *n_pages = G_N_ELEMENTS (pages);

  return pages;
}

/**
 * kith_help_find_page:
 * @id: (nullable): of a page
 *
 * Returns: (nullable): the page
 */
const KithHelpPage *
kith_help_find_page (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    if (g_strcmp0 (pages[i].id, id) == 0)
      return &pages[i];

  return NULL;
}

/**
 * kith_help_get_step:
 * @page: a page
 * @number: of a part of it
 *
 * Returns: which step of its list the part is, from 1; 0 for all that is none
 */
guint
kith_help_get_step (const KithHelpPage *page, gsize number)
{
  guint step = 0;

  g_return_val_if_fail (page != NULL && number < page->n_parts, 0);

  for (gsize i = 0; i <= number; i++)
    step = page->parts[i].kind == KITH_HELP_STEP ? step + 1 : 0;

  return step;
}
