/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include <locale.h>

#include <glib/gi18n.h>

#include "base/kith-init.h"
#include "ui/kith-application.h"

int
main (int argc, char *argv[])
{
  g_autoptr (KithApplication) application = NULL;

  if (!kith_init ())
    return 1;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, KITH_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  application = kith_application_new ();

  return g_application_run (G_APPLICATION (application), argc, argv);
}
