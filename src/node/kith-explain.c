/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain words for what went wrong, and what to do about it. Both faces say the same. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-explain.h"

#include <string.h>

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "base/kith-error.h"

/* Of KITH_ERROR_FAILED the message says more. */
static const char *const words_of[KITH_ERROR_LAST + 1] = {
  [KITH_ERROR_INVALID] =
    N_("That is not valid. Please check what you entered."),
  [KITH_ERROR_TOO_BIG] =
    N_("The text is too long for one message. Send it in several parts."),
  [KITH_ERROR_NOT_FOUND] =
    N_("There is nobody, or nothing, of that name anymore."),
  [KITH_ERROR_AMBIGUOUS] =
    N_("Several people go by that name. Use the alias or the ID instead."),
  [KITH_ERROR_NO_PROFILE] =
    N_("Choose a name for yourself first."),
  [KITH_ERROR_REFUSED] =
    N_("Nobody answers there. Kith may not be running on that computer, or it uses another "
       "port. Ask your friend for the address and port under “My Address”."),
  [KITH_ERROR_TIMEOUT] =
    N_("There was no answer. The address may be wrong, the computer off, or a router or "
       "firewall in between may block the port."),
  [KITH_ERROR_UNREACHABLE] =
    N_("There is no way to that address from here. Check your own network connection and "
       "the address."),
  [KITH_ERROR_NOT_KITH] =
    N_("Something answers there, but it is not Kith. Check the port number."),
  [KITH_ERROR_WRONG_IDENTITY] =
    N_("Somebody else answered than the person you know. The address may belong to "
       "somebody else now. Nothing was sent to them."),
  [KITH_ERROR_SELF] =
    N_("That is your own address. Enter the address of your friend."),
  [KITH_ERROR_PEER_CLOSED] =
    N_("The connection was lost. Kith keeps trying to reach your contacts by itself."),
  [KITH_ERROR_NOT_CONTACT] =
    N_("They do not take your request. They may have declined it, or do not accept "
       "requests at the moment."),
  [KITH_ERROR_DUPLICATE] =
    N_("You are connected already."),
  [KITH_ERROR_PROTOCOL] =
    N_("The other side sent something that makes no sense, so the connection was closed. "
       "One of the two may need an update, or a clock may be wrong by days."),
  [KITH_ERROR_SHUTDOWN] =
    N_("They went offline."),
  [KITH_ERROR_PORT_IN_USE] =
    N_("Another program uses this port already. Choose another one, or close the other "
       "program."),
  [KITH_ERROR_ADDRESS_UNAVAILABLE] =
    N_("This computer does not have that address. Leave the field empty to listen on all "
       "of its addresses."),
  [KITH_ERROR_PERMISSION] =
    N_("The system does not allow it. Check that you may read and write the file and its "
       "folder, or choose another place."),
  [KITH_ERROR_BUSY] =
    N_("Too much is under way at the moment. Try again in a while."),
  [KITH_ERROR_CANCELLED] =
    /* Translators: what was being done was canceled */
    N_("Canceled."),
  [KITH_ERROR_CLOSED] =
    N_("The connection is closed."),
  [KITH_ERROR_WRONG_PASSPHRASE] =
    N_("That is not the passphrase. Check the keyboard layout and Caps Lock."),
  [KITH_ERROR_PAUSED] =
    N_("Too many wrong passphrases. Wait a minute, then try again. The pause stops somebody "
       "at this keyboard; it does not protect a copy of the files: the passphrase does."),
  [KITH_ERROR_PROFILE_IN_USE] =
    N_("This profile is open in another Kith already. Use that one, or close it first."),
  [KITH_ERROR_EXISTS] =
    N_("There is something of that name already. Choose another name."),
  [KITH_ERROR_NEWER_VERSION] =
    N_("This was written by a newer version of Kith. Update Kith to open it. Nothing was "
       "changed."),
  [KITH_ERROR_DAMAGED] =
    N_("The file is damaged, or was tampered with. Kith left it as it is. If you have a "
       "backup, restore it into a new profile."),
  [KITH_ERROR_WRONG_VAULT] =
    N_("The files “vault” and “kith.db” do not belong together: one of them is of another profile, or "
       "of another time, or “kith.db” is damaged as a whole. Kith left both as they are. Put back those "
       "that belong together, or restore a backup into a new profile."),
  [KITH_ERROR_OLDER_COPY] =
    N_("An older copy of this profile was put back: what was written and received since then is missing "
       "here. You can go on. If it was not you who did that, somebody else had your files."),
  [KITH_ERROR_NOT_A_BACKUP] =
    N_("That file is not a backup of Kith."),
  [KITH_ERROR_DISK_FULL] =
    N_("The disk is full. Free some space and try again. Nothing that was stored is lost."),
  [KITH_ERROR_DISK] =
    N_("The disk cannot be used anymore: it may be read-only, failing, or unplugged. What "
       "was stored before is safe; new messages cannot be kept until it works again."),
  [KITH_ERROR_LOCKED] =
    N_("The profile is locked. Unlock it with its passphrase."),
  [KITH_ERROR_EXPIRED] =
    N_("This invite has expired. Ask your friend for a new one."),
  [KITH_ERROR_BLOCKED_BY_PROXY] =
    N_("The proxy does not answer, or does not let the connection through. Check the proxy "
       "in the network preferences, and that it is running."),
  [KITH_ERROR_NOT_ADMITTED] =
    N_("You were not let in with this passphrase. It may be wrong; or they take none at the "
       "moment, or were given too many wrong ones. Nobody is told which. Ask your friend, and "
       "wait some minutes before you try again."),
  [KITH_ERROR_WRONG_CLOCK] =
    N_("This computer’s clock seems to be wrong by hours: your contacts say so. Set its date, "
       "time and time zone. Until then Kith finds contacts by their time."),
  [KITH_ERROR_GARBLED] =
    N_("The connection was closed because what came was damaged on its way. Nothing of it was "
       "used, and it is sent again."),
  [KITH_ERROR_GARBLED_THERE] =
    N_("The connection was closed because what came was damaged on its way. Nothing of it was "
       "used, and it is sent again."),
  [KITH_ERROR_NOT_UNDERSTOOD] =
    N_("The other side did not understand what was sent, and closed the connection. One of the two "
       "may need an update."),
  [KITH_ERROR_NOT_MEMBER] =
    N_("You are not in this group anymore, or the other person is not."),
  [KITH_ERROR_NOT_ADMIN] =
    N_("Only the admin of the group can do that. The list of members shows who that is."),
  [KITH_ERROR_OTHER_DEVICE] =
    N_("This profile is also used in another place. Messages come to the place that was online last, "
       "and not to both: close Kith in one of them. If you have not restored a backup elsewhere, "
       "somebody else may have a copy of your profile."),
  [KITH_ERROR_NO_VAULT] =
    /* Translators: “vault” and “kith.db” are names of files; the key is what opens the messages */
    N_("The file “vault” is missing in the folder of this profile: it has the key, and without it nobody can "
       "read the messages in “kith.db”. Put “vault” back there, and everything is as it was. Kith left "
       "“kith.db” as it is."),
  [KITH_ERROR_NO_MEMORY] =
    /* Translators: the memory of the computer, of which a check of a passphrase takes a lot */
    N_("There is not enough memory to check the passphrase. Close other programs and try again."),
};

static const char *
words_for (KithError code)
{
  return (guint) code < G_N_ELEMENTS (words_of) && words_of[code] != NULL ? _(words_of[code]) : NULL;
}

/**
 * kith_explain_error:
 * @error: (nullable): an error of any domain
 *
 * Says in plain words what happened and what to do about it. Main thread.
 *
 * Returns: (transfer full): one to three sentences
 */
char *
kith_explain_error (const GError *error)
{
  const char *words = words_for (kith_error_code_from_gerror (error));

  if (words != NULL)
    return g_strdup (words);
  if (error == NULL)
    return g_strdup (_("Something went wrong."));

  /* Translators: the %s is a technical message, mostly in English. */
  return g_strdup_printf (_("Something went wrong: %s"), error->message);
}

/**
 * kith_explain_warning:
 * @error: (nullable): what a node warns of, while it is used
 *
 * As kith_explain_error(), where the profile that is open is meant and not a file. Main thread.
 *
 * Returns: (transfer full): one to three sentences
 */
char *
kith_explain_warning (const GError *error)
{
  if (kith_error_code_from_gerror (error) == KITH_ERROR_DAMAGED)
    return g_strdup (_("A part of this profile is damaged on the disk, or was tampered with. Nothing new can be "
                       "kept: what you write or get from now on is gone when Kith is closed. If you have a "
                       "backup, restore it into a new profile."));

  if (kith_error_code_from_gerror (error) == KITH_ERROR_DISK_FULL)
    return g_strdup (_("The disk is full. Free some space: until then nothing new can be kept, and what you "
                       "change in the preferences counts only until Kith is closed."));

  return kith_explain_error (error);
}

/**
 * kith_explain_is_network:
 * @error: why somebody was not reached
 *
 * Returns: whether the network is in the way, so that a look at the connection may tell more
 */
gboolean
kith_explain_is_network (const GError *error)
{
  static const KithError codes[] = {
    KITH_ERROR_REFUSED,          KITH_ERROR_TIMEOUT,     KITH_ERROR_UNREACHABLE,
    KITH_ERROR_BLOCKED_BY_PROXY, KITH_ERROR_PEER_CLOSED, KITH_ERROR_WRONG_CLOCK,
  };
  KithError code = kith_error_code_from_gerror (error);

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i] == code)
      return TRUE;

  return FALSE;
}

/**
 * kith_explain_verify:
 * @error: why somebody could not be verified
 *
 * As kith_explain_error(), for codes and words.
 *
 * Returns: (transfer full): some sentences
 */
char *
kith_explain_verify (const GError *error)
{
  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_WRONG_IDENTITY))
    return g_strdup (_("This is the code of somebody else! Either you scanned the wrong one, or the "
                       "person you write to is not who you think. Nothing was changed."));
  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_SELF))
    return g_strdup (_("That is your own code. Scan the one on your friend’s screen."));
  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_INVALID))
    return g_strdup (_("That is not a code to verify somebody with. Such a code begins with "
                       "“KITH:V/”."));
  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_UNREACHABLE))
    return g_strdup (_("Words can be compared only while both of you are online."));
  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_PAUSED))
    return g_strdup (_("Comparing words went wrong three times. Use the code or the number, or try "
                       "again tomorrow."));

  return kith_explain_error (error);
}

/**
 * kith_explain_name_taken:
 * @name: a name that two people have
 *
 * Returns: (transfer full): a warning about the new one
 */
char *
kith_explain_name_taken (const char *name)
{
  /* Translators: the %s is a name. */
  return g_strdup_printf (_("You already know somebody called %s. This is somebody else, or %s with "
                            "a new identity."),
                          name, name);
}

static char *
place (const char *address, guint16 port)
{
  gboolean is_v6 = address != NULL && strchr (address, ':') != NULL && address[0] != '[';

  return g_strdup_printf (is_v6 ? "[%s]:%u" : "%s:%u", address != NULL ? address : "", port);
}

/**
 * kith_explain_connect:
 * @error: why a connect failed
 * @address: the address that was dialled
 * @port: the port that was dialled
 *
 * As kith_explain_error(), with the place where it happened.
 *
 * Returns: (transfer full): some sentences
 */
char *
kith_explain_connect (const GError *error, const char *address, guint16 port)
{
  g_autofree char *where = place (address, port);
  KithError code = kith_error_code_from_gerror (error);

  if (code == KITH_ERROR_INVALID)
    return g_strdup (_("That is not an IP address and a port. An address looks like 192.168.1.7 or "
                       "2001:db8::7, a port is a number from 1 to 65535."));
  if (code == KITH_ERROR_REFUSED)
    /* Translators: the %s is an address and port such as 192.168.1.7:5484. */
    return g_strdup_printf (_("Nobody answers at %s. Kith may not be running on that computer, or it "
                              "uses another port. Ask your friend for the address and port under "
                              "“My Address”."), where);
  if (code == KITH_ERROR_TIMEOUT)
    /* Translators: an address and port such as 192.168.1.7:5484 */
    return g_strdup_printf (_("There was no answer from %s. The address may be wrong, the computer "
                              "off, or a router or firewall in between may block the port."), where);
  if (code == KITH_ERROR_UNREACHABLE)
    /* Translators: an address and port such as 192.168.1.7:5484 */
    return g_strdup_printf (_("There is no way to %s from here. Check your own network connection "
                              "and the address."), where);
  if (code == KITH_ERROR_NOT_KITH)
    /* Translators: an address and port such as 192.168.1.7:5484 */
    return g_strdup_printf (_("Something answers at %s, but it is not Kith. Check the port number."),
                            where);
  if (code == KITH_ERROR_PERMISSION)
    /* Translators: an address and port such as 192.168.1.7:5484 */
    return g_strdup_printf (_("The system does not allow a connection to %s. A firewall on this "
                              "computer may forbid it."), where);
  if (code == KITH_ERROR_PEER_CLOSED)
    /* Translators: an address and port such as 192.168.1.7:5484; “they” are who is there */
    return g_strdup_printf (_("%s closed the connection without an answer. They may ask for a "
                              "passphrase, or let in nobody but contacts and invites; or it is busy, "
                              "or not Kith. Ask your friend, and check the port number."), where);

  return kith_explain_error (error);
}

/**
 * kith_explain_listen:
 * @error: why listening failed
 * @address: (nullable): the address that was asked for; %NULL or "" for every one
 * @port: the port that was asked for
 *
 * As kith_explain_error(), with the place where it happened.
 *
 * Returns: (transfer full): some sentences
 */
char *
kith_explain_listen (const GError *error, const char *address, guint16 port)
{
  KithError code = kith_error_code_from_gerror (error);

  if (code == KITH_ERROR_PORT_IN_USE)
    /* Translators: the number of a port */
    return g_strdup_printf (_("Port %u is used by another program already. Choose another one, or "
                              "close the other program."), port);
  if (code == KITH_ERROR_PERMISSION)
    /* Translators: the number of a port */
    return g_strdup_printf (_("The system does not let Kith listen on port %u. Ports below 1024 are "
                              "reserved: choose a higher one."), port);
  if (code == KITH_ERROR_INVALID)
    return g_strdup (_("That is not an IP address. Leave the field empty to listen on all addresses "
                       "of this computer."));

  return kith_explain_error (error);
}

/* Of a file that the user chose, which is elsewhere than the profile: that goes on. */
static const char *
words_for_saving (KithError code)
{
  switch ((int) code)
    {
    case KITH_ERROR_NOT_FOUND:
      return _("That folder is not there. It may have been moved, or be on a disk that is not plugged in: choose "
               "another one.");
    case KITH_ERROR_INVALID:
      return _("That is a folder. Choose a name for a file in it.");
    case KITH_ERROR_EXISTS:
      return _("That is a file of the profile itself. Choose another name, or another folder.");
    case KITH_ERROR_PERMISSION:
      return _("The system does not let Kith write there. Choose another folder.");
    case KITH_ERROR_DISK_FULL:
      return _("There is not enough room on that disk. Free some space, or choose a folder on another disk.");
    case KITH_ERROR_DISK:
      return _("The disk cannot be read or written: it may be read-only, failing, or unplugged.");
    default:
      return NULL;
    }
}

static char *
explain_saving (const GError *error)
{
  const char *words = words_for_saving (kith_error_code_from_gerror (error));

  return words != NULL ? g_strdup (words) : kith_explain_error (error);
}

/**
 * kith_explain_backup:
 * @error: why a backup could not be written
 *
 * As kith_explain_error(), for a file that is elsewhere than the profile.
 *
 * Returns: (transfer full): some sentences
 */
char *
kith_explain_backup (const GError *error)
{
  KithError code = kith_error_code_from_gerror (error);

  if (code == KITH_ERROR_NOT_A_BACKUP)
    return g_strdup (_("What was written could not be read again, so it is no backup and was not kept. The "
                       "disk may be failing: save it somewhere else."));
  if (code == KITH_ERROR_DAMAGED)
    return g_strdup (_("A part of this profile is damaged on the disk and cannot be read, so there is no new backup. "
                       "If you have an older one, restore it into a new profile. What can still be read can be saved "
                       "a conversation at a time, as a readable file."));
  if (code == KITH_ERROR_BUSY)
    return g_strdup (_("A backup is being written already."));

  return explain_saving (error);
}

/**
 * kith_explain_transcript:
 * @error: why a conversation could not be written into a readable file
 *
 * As kith_explain_backup().
 *
 * Returns: (transfer full): some sentences
 */
char *
kith_explain_transcript (const GError *error)
{
  if (kith_error_code_from_gerror (error) == KITH_ERROR_DAMAGED)
    return g_strdup (_("This conversation is damaged on the disk and cannot be read. Save a backup: it has all that can "
                       "be read."));

  return explain_saving (error);
}

/**
 * kith_explain_incomplete_transcript:
 *
 * What there is to say of a conversation that was written into a readable file without what could not be read.
 *
 * Returns: some sentences
 */
const char *
kith_explain_incomplete_transcript (void)
{
  return _("The conversation was saved, not encrypted, but not all of it: a part of this profile is damaged on the disk "
           "and cannot be read. The file says where something is missing.");
}

/**
 * kith_explain_incomplete_backup:
 *
 * What there is to say of a backup that was written without what could not be read.
 *
 * Returns: some sentences
 */
const char *
kith_explain_incomplete_backup (void)
{
  /* Translators: some of it: messages, or files */
  return _("The backup was saved and checked, but without some of the history: a part of this profile is damaged on "
           "the disk and cannot be read. If you have an older backup, keep it as well.");
}

/**
 * kith_explain_rescued:
 * @is_incomplete: whether something could not be read
 *
 * What there is to say, and to do next, when a profile that cannot be opened was saved as far as it can be read.
 *
 * Returns: some sentences
 */
const char *
kith_explain_rescued (gboolean is_incomplete)
{
  if (is_incomplete)
    return _("What can be read of this profile was saved and checked; the rest of it is lost: messages, files, groups or "
             "people may be missing, and settings may be as they are at first. Restore the backup as a new profile, and "
             "look through its contacts and preferences before you go on. The damaged profile was not changed.");

  return _("All that was found could be read, and was saved and checked. Damage may hide that something is missing all the "
           "same. Restore the backup as a new profile, and look through it before you go on. The damaged profile was not "
           "changed.");
}

/**
 * kith_explain_rescue:
 * @error: why nothing could be saved of a profile that cannot be opened
 *
 * Returns: (transfer full): some sentences
 */
char *
kith_explain_rescue (const GError *error)
{
  KithError code = kith_error_code_from_gerror (error);

  if (code == KITH_ERROR_DAMAGED)
    return g_strdup (_("Nothing can be saved: that part of the profile is damaged which says who you are, or the key of "
                       "all others. If you have a backup, restore it into a new profile."));
  if (code == KITH_ERROR_WRONG_PASSPHRASE || code == KITH_ERROR_PAUSED || code == KITH_ERROR_WRONG_VAULT)
    return kith_explain_error (error);

  return kith_explain_backup (error);
}

static const char *
words_for_restore (KithError code)
{
  switch ((int) code)
    {
    case KITH_ERROR_WRONG_PASSPHRASE:
      /* Translators: it is the backup that has one of its own, apart from that of the profile */
      return _("That is not the passphrase of this backup: it has one of its own, which was chosen when it was "
               "saved.");
    case KITH_ERROR_DAMAGED:
      return _("The backup is damaged or incomplete. Copy it again from where it was saved, or use another one.");
    case KITH_ERROR_DISK_FULL:
      return _("There is not enough room on the disk of the new profile. Free some space, or choose a folder on "
               "another disk.");
    case KITH_ERROR_DISK:
      return _("The disk of the backup, or of the new profile, cannot be read or written: it may be read-only, "
               "failing, or unplugged.");
    case KITH_ERROR_NOT_FOUND:
      /* Translators: the file of a backup */
      return _("There is no such file. It may have been moved, or be on a disk that is not plugged in.");
    case KITH_ERROR_PERMISSION:
      return _("The system does not let Kith read the backup, or write into the folder of the new profile.");
    default:
      return NULL;
    }
}

/**
 * kith_explain_restore:
 * @error: why there is no profile out of a backup
 *
 * As kith_explain_error(), where the file is the backup and no profile is there yet. Main thread.
 *
 * Returns: (transfer full): one or two sentences
 */
char *
kith_explain_restore (const GError *error)
{
  const char *words = words_for_restore (kith_error_code_from_gerror (error));

  return words != NULL ? g_strdup (words) : kith_explain_error (error);
}

static const char *
words_for_file (KithError code, gboolean outgoing)
{
  switch ((int) code)
    {
    case KITH_ERROR_DAMAGED:
      return outgoing ? _("The file has changed since you sent it. Send it again.")
                      : _("What came is not what was offered, so it was not kept. Ask them to send the "
                          "file again.");
    case KITH_ERROR_NOT_FOUND:
      return outgoing ? _("The file is not where it was anymore. Put it back, or send it again.")
                      : _("They do not have this file anymore, or the folder for it is gone. Ask them "
                          "to send it again, or save it somewhere else.");
    case KITH_ERROR_PERMISSION:
      return outgoing ? _("The system does not let Kith read this file.")
                      : _("The system does not let Kith write into that folder. Choose another one.");
    case KITH_ERROR_DISK_FULL:
      return _("There is not enough room on the disk. Free some space, or save the file elsewhere, and "
               "try again. What has arrived so far is kept.");
    case KITH_ERROR_DISK:
      return _("The disk cannot be read or written: it may be read-only, failing, or unplugged.");
    case KITH_ERROR_TOO_BIG:
      return _("This is too large, or there are too many files in the folder.");
    case KITH_ERROR_EXISTS:
      return _("There is a file of that name already. Nothing was overwritten: choose another name.");
    case KITH_ERROR_CANCELLED:
      return outgoing ? _("You took it back") : _("They took it back");
    case KITH_ERROR_PROTOCOL:
      return _("What came makes no sense. One of the two may need an update.");
    default:
      return NULL;
    }
}

/**
 * kith_explain_file:
 * @error: why a file could not be sent or received
 * @outgoing: whether it is one of ours
 *
 * As kith_explain_error(), for files.
 *
 * Returns: (transfer full): some sentences
 */
char *
kith_explain_file (const GError *error, gboolean outgoing)
{
  const char *words = words_for_file (kith_error_code_from_gerror (error), outgoing);

  return words != NULL ? g_strdup (words) : kith_explain_error (error);
}
