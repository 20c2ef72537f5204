import { DEFAULT_BOARD } from '../server/wire/boards.ts';
import { importPlot } from './charts/fen-trend-chart.ts';
import { BoardClient } from './net/boards.ts';
import { browserFetch } from './net/request.ts';
import { BoardFeed } from './pages/board-feed.ts';
import { PreviewFeed } from './pages/board-preview.ts';
import './pages/fen-wall-page.ts';
import { startLive } from './start-live.ts';
import { StartUp } from './start-up.ts';
import './styles/page.css';

// Nobody is there to load the page anew: it is looked so often whether there is a newer one.
const RENEWAL_MS = 900_000;

const start = new StartUp({ page: '/wall', script: import.meta.url });
const live = await startLive(start);
const asked = new URLSearchParams(location.search);
const id = asked.get('board') ?? DEFAULT_BOARD;
const preview = asked.get('preview');
// Reads only, and never asks who is there.
const feed = preview === null ? new BoardFeed(new BoardClient(browserFetch), id) : new PreviewFeed(preview);

// Every connection may be to another version of the server, of which there may be another page.
live.site.subscribe(start.renew);
setInterval(start.renew, RENEWAL_MS);
live.boards.subscribe(() => feed.ask());
feed.ask();

const page = document.createElement('fen-wall-page');
page.live = live;
page.plots = start.part(importPlot);
page.feed = feed;
page.board = id;
start.show(page);
live.start();
