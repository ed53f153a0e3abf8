/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kith-test-people.h"
#include "node/kith-node-files.h"

G_BEGIN_DECLS

/* Alice, who sends files from her folder, and Bob, who gets them into his. */
typedef struct
{
  char       *folder; /* of all that follows; removed at the end */
  char       *outbox;
  char       *inbox;  /* made by Bob's node */
  TestPerson *alice;
  TestPerson *bob;
} TestFiles;

TestFiles    *test_files_new         (void);
void          test_files_free        (TestFiles        *self);
/* Makes a file of @size bytes that no other has, in Alice's folder. (transfer full): its path */
char         *test_files_make        (TestFiles        *self,
                                      const char       *name,
                                      gsize             size);
/* (transfer full): what Alice has offered */
KithTransfer *test_files_send        (TestFiles        *self,
                                      const char       *path);
KithTransfer *test_files_send_file   (TestFiles        *self,
                                      KithOutgoingFile *file);
/* (transfer full): the same, as Bob has it */
KithTransfer *test_files_offered     (TestFiles        *self,
                                      KithTransfer     *sent);
/* (transfer full): the same, as somebody has it */
KithTransfer *test_files_find        (TestPerson       *who,
                                      KithTransfer     *transfer);
GBytes       *test_files_read        (TestPerson       *who,
                                      KithTransfer     *transfer,
                                      GError          **error);
/* Starts one of the two again, or stops and starts it, and brings them together again. */
void          test_files_start       (TestFiles        *self,
                                      TestPerson       *who);
void          test_files_restart     (TestFiles        *self,
                                      TestPerson       *who);
void          test_files_meet        (TestFiles        *self);
/* Files and folders with the same content. */
void          test_files_assert_same (const char       *a,
                                      const char       *b);
/* How many names there are in a folder, hidden ones too. */
guint         test_files_count       (const char       *folder);
/* Nothing incomplete is left over. */
void          test_files_assert_tidy (TestFiles        *self);
/* In between time passes for the limits of one person only as it is told to. */
void          test_stopped_clock_begin (TestPerson      *who);
void          test_stopped_clock_pass  (gint64           us);
void          test_stopped_clock_end   (TestPerson      *who);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestFiles, test_files_free)

G_END_DECLS
