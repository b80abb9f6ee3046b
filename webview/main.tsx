import { signal } from '@preact/signals';
import { render } from 'preact';
import { readTheme, watchTheme } from './charts/theme';
import { connectHost } from './host';
import { browserScreen } from './screen';
import { Dashboard } from './state/dashboard';
import './styles/index.css';
import { App } from './ui/app';
import { SurroundingsProvider } from './ui/context';
import { registerToolkit } from './ui/toolkit';

registerToolkit();

const webview = acquireVsCodeApi();
const dashboard = new Dashboard(webview, browserScreen);
const theme = signal(readTheme());
watchTheme(() => {
  theme.value = readTheme();
});
render(
  <SurroundingsProvider value={{ dashboard, theme }}>
    <App />
  </SurroundingsProvider>,
  document.getElementById('root') ?? document.body,
);
dashboard.connect(
  connectHost(webview, dashboard.panel, (sentence) => {
    dashboard.notice.value = sentence;
  }),
);
