/** The bundler turns an imported style sheet into dashboard.css; the import has no value. */
declare module '*.css';
