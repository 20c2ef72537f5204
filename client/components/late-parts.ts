/** Parts of every page that nobody needs before it stands. */
import './fen-alarm-detail.ts';
import './fen-alarm-dialog.ts';
import './fen-alarm-notice.ts';
import './fen-capture-notice.ts';
import './fen-person.ts';
import './fen-settings.ts';
import './fen-signature.ts';
